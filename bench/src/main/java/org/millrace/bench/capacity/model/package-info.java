/** What measured figures say of those that were not measured, and how surely. */
package org.millrace.bench.capacity.model;
