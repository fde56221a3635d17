package org.millrace.engine;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the package table of the design true: who may know whom, and what the engine stays away
 * from.
 */
@AnalyzeClasses(
    packages = "org.millrace.engine",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /** A package that is not listed here fails the rule: the table comes first, then the package. */
  @ArchTest
  static final ArchRule PACKAGES_KNOW_ONLY_WHAT_THE_TABLE_ALLOWS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("frame")
          .definedBy("org.millrace.engine.frame..")
          .layer("message")
          .definedBy("org.millrace.engine.message..")
          .layer("connection")
          .definedBy("org.millrace.engine.connection..")
          .layer("shard")
          .definedBy("org.millrace.engine.shard..")
          .layer("sip")
          .definedBy("org.millrace.engine.sip..")
          .layer("msrp")
          .definedBy("org.millrace.engine.msrp..")
          .layer("trace")
          .definedBy("org.millrace.engine.trace..")
          .layer("status")
          .definedBy("org.millrace.engine.status..")
          .layer("root")
          .definedBy("org.millrace.engine")
          .whereLayer("frame")
          .mayNotAccessAnyLayer()
          .whereLayer("message")
          .mayOnlyAccessLayers("frame")
          .whereLayer("connection")
          .mayOnlyAccessLayers("frame", "message", "status")
          .whereLayer("shard")
          .mayOnlyAccessLayers("connection", "message", "frame", "status")
          .whereLayer("sip")
          .mayOnlyAccessLayers("connection", "message", "frame", "status")
          .whereLayer("msrp")
          .mayOnlyAccessLayers("connection", "message", "frame", "status")
          .whereLayer("trace")
          .mayNotAccessAnyLayer()
          .whereLayer("status")
          .mayNotAccessAnyLayer()
          .whereLayer("root")
          .mayNotBeAccessedByAnyLayer()
          .ensureAllClassesAreContainedInArchitecture()
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices()
          .matching("org.millrace.engine.(*)..")
          .should()
          .beFreeOfCycles()
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule ENGINE_DOES_NO_INPUT_OUTPUT =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "java.io..",
                      "java.net..",
                      "java.nio.channels..",
                      "java.nio.file..",
                      "javax.net..",
                      "sun.nio.ch..")
                  .and(
                      not(
                          belongToAnyOf(
                              SocketAddress.class,
                              InetSocketAddress.class,
                              InetAddress.class,
                              Serializable.class))))
          .because("bytes come from and go to a Wire; addresses are only passed on")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule ENGINE_LOOKS_NO_NAME_UP =
      noClasses()
          .should()
          .callMethodWhere(
              target(owner(equivalentTo(InetAddress.class))).and(target(not(name("getAddress")))))
          .orShould()
          .callMethod(InetSocketAddress.class, "getHostName")
          .orShould()
          .callConstructor(InetSocketAddress.class, String.class, int.class)
          .because("a look-up blocks, and nothing that a client names may be looked up");

  @ArchTest
  static final ArchRule ENGINE_KNOWS_NO_SERVER_AND_NO_LOGGING_FRAMEWORK =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.eclipse.jetty..",
              "jakarta..",
              "org.slf4j..",
              "ch.qos.logback..",
              "org.apache.logging..",
              "java.util.logging..")
          .because("the engine is embedded; it logs through System.Logger only")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule PACKAGES_SAY_WHAT_THEY_ARE_ABOUT =
      noClasses()
          .should()
          .resideInAnyPackage("..util..", "..utils..", "..common..", "..misc..", "..helper..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule NOTHING_SLEEPS =
      noClasses()
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", long.class, int.class)
          .orShould()
          .callMethod(TimeUnit.class, "sleep", long.class)
          .because("nothing blocks a shard; a test or a thread that must wait parks and is woken")
          .allowEmptyShould(true);
}
