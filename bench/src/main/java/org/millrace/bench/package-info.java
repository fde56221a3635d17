/** The command line of the bench module; every sub-command lives in a package of its own. */
package org.millrace.bench;
