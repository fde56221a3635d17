/**
 * What tests of the whole engine are made of: a wire in memory, a stepped engine, a manual clock.
 */
package org.millrace.engine.harness;
