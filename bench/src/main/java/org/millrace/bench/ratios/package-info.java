/** {@code bench ratios}: how much faster than its peers Millrace decodes, against fixed bars. */
package org.millrace.bench.ratios;
