package org.millrace.jetty;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Keeps the package table of the design true: which part of the edge may know which. */
@AnalyzeClasses(
    packages = "org.millrace.jetty",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /** A package that is not listed here fails the rule: the table comes first, then the package. */
  @ArchTest
  static final ArchRule PACKAGES_KNOW_ONLY_WHAT_THE_TABLE_ALLOWS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("config")
          .definedBy("org.millrace.jetty.config..")
          .layer("wire")
          .definedBy("org.millrace.jetty.wire..")
          .layer("handshake")
          .definedBy("org.millrace.jetty.handshake..")
          .layer("upstream")
          .definedBy("org.millrace.jetty.upstream..")
          .layer("admin")
          .definedBy("org.millrace.jetty.admin..")
          .layer("trace")
          .definedBy("org.millrace.jetty.trace..")
          .layer("root")
          .definedBy("org.millrace.jetty")
          .layer("cli")
          .definedBy("org.millrace.jetty.cli..")
          .whereLayer("config")
          .mayNotAccessAnyLayer()
          .whereLayer("wire")
          .mayOnlyAccessLayers("config")
          .whereLayer("handshake")
          .mayOnlyAccessLayers("config")
          .whereLayer("upstream")
          .mayOnlyAccessLayers("config", "wire")
          .whereLayer("admin")
          .mayOnlyAccessLayers("config")
          .whereLayer("trace")
          .mayOnlyAccessLayers("config")
          .whereLayer("root")
          .mayOnlyAccessLayers("config", "wire", "handshake", "upstream", "admin", "trace")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .ensureAllClassesAreContainedInArchitecture()
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("org.millrace.jetty.(*)..").should().beFreeOfCycles();
}
