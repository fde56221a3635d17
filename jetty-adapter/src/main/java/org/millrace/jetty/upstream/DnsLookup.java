package org.millrace.jetty.upstream;

import java.io.IOException;
import java.util.List;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/** Where answers of DNS come from. */
interface DnsLookup {
  /**
   * What DNS says.
   *
   * @param records of the type asked for; none if there is no such name or no such record.
   * @param ttl seconds for which that is so.
   */
  record Answer(List<Record> records, long ttl) {}

  /**
   * Asks for the records of a name, following aliases.
   *
   * @param name absolute.
   * @param type one of {@link org.xbill.DNS.Type}.
   * @throws IOException if nobody answers.
   */
  Answer ask(Name name, int type) throws IOException;
}
