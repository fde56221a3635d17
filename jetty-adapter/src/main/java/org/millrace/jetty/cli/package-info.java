/** The command line: {@code serve}, {@code check}, {@code ctl} and {@code version}. */
package org.millrace.jetty.cli;
