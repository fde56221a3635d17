/**
 * What can be configured, and how it is read: {@link org.millrace.jetty.config.ConfigLoader} makes
 * an {@link org.millrace.jetty.config.EdgeConfig} of HOCON. Every key is documented in
 * reference.conf.
 */
package org.millrace.jetty.config;
