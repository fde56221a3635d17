/** SIP through a whole edge and back, beside Kamailio. */
package org.millrace.bench.sip;
