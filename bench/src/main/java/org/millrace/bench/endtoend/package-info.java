/** {@code bench echo}: whole servers beside one another, over sockets. */
package org.millrace.bench.endtoend;
