package org.millrace.engine.sip;

import static org.millrace.engine.connection.ConfigurationException.atLeast;
import static org.millrace.engine.connection.ConfigurationException.inRange;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.millrace.engine.connection.ConfigurationException;

/**
 * The settings of an {@link EmbeddedCore}. Set what differs from the defaults, then {@link
 * #conclude}; from then on it is immutable.
 */
public final class EmbeddedCoreContext {
  private static final int KEY_BYTES = 32;

  /** Contacts of one user: as many branches as an INVITE may fork into. */
  public static final int MAX_CONTACTS_PER_USER = Fork.MOST_BRANCHES;

  private final Set<ByteKey> domains = new HashSet<>();
  private final Map<ByteKey, EnumMap<DigestAlgorithm, byte[]>> hashes = new HashMap<>();
  private final Map<String, String> passwords = new HashMap<>();
  private String realm = "millrace";
  private List<DigestAlgorithm> digestAlgorithms =
      List.of(DigestAlgorithm.MD5, DigestAlgorithm.SHA_256);
  private boolean authenticateRequests = false;
  private Duration nonceLifetime = Duration.ofMinutes(5);
  private int maxNonces = 4096;
  private Duration minExpires = Duration.ofSeconds(60);
  private Duration defaultExpires = Duration.ofMinutes(10);
  private Duration maxExpires = Duration.ofHours(1);
  private int maxContactsPerUser = 5;
  private int maxBindings = 100_000;
  private int maxForks = 1_000;
  private Duration forkTimeout = Duration.ofMinutes(3);
  private int node = 0;
  private int flowKeyId = 1;
  private byte[] flowKey;
  private byte[] branchKey;
  private NanoClock nanoClock = SystemNanoClock.INSTANCE;
  private boolean concluded;

  /**
   * Validates and freezes the settings. Once only.
   *
   * @return this.
   * @throws ConfigurationException naming the setting, its value and what would be right.
   * @throws IllegalStateException if it has been concluded before.
   */
  public EmbeddedCoreContext conclude() {
    notConcluded();
    atLeast("nonceLifetime", nonceLifetime, Duration.ofSeconds(1));
    inRange("maxNonces", maxNonces, 1, 1 << 20);
    atLeast("minExpires", minExpires, Duration.ofSeconds(1));
    atLeast("defaultExpires", defaultExpires, minExpires);
    atLeast("maxExpires", maxExpires, defaultExpires);
    inRange("maxContactsPerUser", maxContactsPerUser, 1, MAX_CONTACTS_PER_USER);
    inRange("maxBindings", maxBindings, 1, Integer.MAX_VALUE);
    inRange("maxForks", maxForks, 0, 1 << 20);
    atLeast("forkTimeout", forkTimeout, Duration.ofSeconds(1));
    inRange("flowKeyId", flowKeyId, 0, 15);
    ConfigurationException.require(
        realm != null && realm.matches("[ !#-\\[\\]-~]+"),
        "realm",
        realm,
        "must be printable ASCII without quotes and backslashes");
    ConfigurationException.require(
        digestAlgorithms != null && !digestAlgorithms.isEmpty(),
        "digestAlgorithms",
        digestAlgorithms,
        "must name one or more");
    ConfigurationException.require(nanoClock != null, "nanoClock", null, "must be set");
    flowKey = key("flowKey", flowKey);
    branchKey = key("branchKey", branchKey);
    passwords.forEach(this::hash);
    passwords.clear();
    concluded = true;
    return this;
  }

  private void hash(String name, String password) {
    for (final DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      final String text = name + ":" + realm + ":" + password;
      final byte[] ha1 = algorithm.digest().digest(text.getBytes(StandardCharsets.UTF_8));
      put(name, algorithm, HexFormat.of().formatHex(ha1));
    }
  }

  private void put(String name, DigestAlgorithm algorithm, String ha1) {
    hashes
        .computeIfAbsent(ByteKey.of(name), key -> new EnumMap<>(DigestAlgorithm.class))
        .put(algorithm, Octets.ascii(ha1));
  }

  private static byte[] key(String name, byte[] key) {
    if (key == null) {
      final byte[] random = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(random);
      return random;
    }
    inRange(name + ".length", key.length, 16, 64);
    return key;
  }

  private void notConcluded() {
    if (concluded) {
      throw new IllegalStateException("the context has been concluded: make a new one");
    }
  }

  public boolean isConcluded() {
    return concluded;
  }

  /**
   * Adds a host for whose users the core is responsible. Without any it is for every host; then a
   * user is still {@code user@host}, so that alice@a.example and alice@b.example are two.
   */
  public EmbeddedCoreContext domain(String host) {
    notConcluded();
    domains.add(ByteKey.of(host.toLowerCase(Locale.ROOT)));
    return this;
  }

  /** Empty for every host. */
  Set<ByteKey> domains() {
    return domains;
  }

  /**
   * Adds a user who must prove a password to register, as all must once there is one. The name is
   * the user part of the address, or {@code user@host}.
   */
  public EmbeddedCoreContext user(String name, String password) {
    notConcluded();
    passwords.put(name, password);
    return this;
  }

  /**
   * As {@link #user}, with the hash of {@code name:realm:password} in place of the password.
   *
   * @param ha1 in lower-case hexadecimal digits, 32 of MD5 or 64 of SHA-256.
   */
  public EmbeddedCoreContext userHa1(String name, DigestAlgorithm algorithm, String ha1) {
    notConcluded();
    final int digits = algorithm == DigestAlgorithm.MD5 ? 32 : 64;
    ConfigurationException.require(
        ha1.matches("[0-9a-f]{" + digits + "}"),
        "ha1",
        "(" + ha1.length() + " characters)",
        "must be " + digits + " lower-case hexadecimal digits");
    put(name, algorithm, ha1);
    return this;
  }

  boolean hasUsers() {
    return !hashes.isEmpty();
  }

  /** HA1 of a user in hexadecimal digits by algorithm, or null. */
  EnumMap<DigestAlgorithm, byte[]> hashes(ByteKey user) {
    return hashes.get(user);
  }

  /** The protection space of digest, quoted in challenges. */
  public EmbeddedCoreContext realm(String value) {
    notConcluded();
    realm = value;
    return this;
  }

  public String realm() {
    return realm;
  }

  /**
   * What is offered, in this order, one header field each. JsSIP and SIP.js look at the first alone
   * and know MD5 alone, hence the default: MD5, then SHA-256.
   */
  public EmbeddedCoreContext digestAlgorithms(List<DigestAlgorithm> value) {
    notConcluded();
    digestAlgorithms = List.copyOf(value);
    return this;
  }

  public List<DigestAlgorithm> digestAlgorithms() {
    return digestAlgorithms;
  }

  /** Whether requests other than REGISTER need credentials, too (407). Default: no. */
  public EmbeddedCoreContext authenticateRequests(boolean value) {
    notConcluded();
    authenticateRequests = value;
    return this;
  }

  public boolean authenticateRequests() {
    return authenticateRequests;
  }

  /** How long a nonce may be used, 1 s or more. Default 5 min. */
  public EmbeddedCoreContext nonceLifetime(Duration value) {
    notConcluded();
    nonceLifetime = value;
    return this;
  }

  public Duration nonceLifetime() {
    return nonceLifetime;
  }

  /** Nonces whose use is remembered against replay; older ones turn stale. Default 4096. */
  public EmbeddedCoreContext maxNonces(int value) {
    notConcluded();
    maxNonces = value;
    return this;
  }

  public int maxNonces() {
    return maxNonces;
  }

  /** A shorter registration is refused with 423. Default 60 s. */
  public EmbeddedCoreContext minExpires(Duration value) {
    notConcluded();
    minExpires = value;
    return this;
  }

  public Duration minExpires() {
    return minExpires;
  }

  /** For a registration that names no time. Default 600 s. */
  public EmbeddedCoreContext defaultExpires(Duration value) {
    notConcluded();
    defaultExpires = value;
    return this;
  }

  public Duration defaultExpires() {
    return defaultExpires;
  }

  /** A longer registration is shortened. Default 3600 s. */
  public EmbeddedCoreContext maxExpires(Duration value) {
    notConcluded();
    maxExpires = value;
    return this;
  }

  public Duration maxExpires() {
    return maxExpires;
  }

  /** Most contacts of a user at a time, 1 to 8. One more is refused with 403. Default 5. */
  public EmbeddedCoreContext maxContactsPerUser(int value) {
    notConcluded();
    maxContactsPerUser = value;
    return this;
  }

  public int maxContactsPerUser() {
    return maxContactsPerUser;
  }

  /** Most contacts of all users, 1 or more. One more is refused with 503. Default 100,000. */
  public EmbeddedCoreContext maxBindings(int value) {
    notConcluded();
    maxBindings = value;
    return this;
  }

  public int maxBindings() {
    return maxBindings;
  }

  /**
   * Most INVITEs ringing at several contacts at a time, 0 or more. One more goes to the contact
   * last refreshed alone. Each keeps the head of its INVITE, up to 64 KiB. Default 1,000.
   */
  public EmbeddedCoreContext maxForks(int value) {
    notConcluded();
    maxForks = value;
    return this;
  }

  public int maxForks() {
    return maxForks;
  }

  /** How long an INVITE may ring at several contacts, 1 s or more; then 408. Default 3 min. */
  public EmbeddedCoreContext forkTimeout(Duration value) {
    notConcluded();
    forkTimeout = value;
    return this;
  }

  public Duration forkTimeout() {
    return forkTimeout;
  }

  /** This node's number in tokens (C-27). Default 0. */
  public EmbeddedCoreContext node(int value) {
    notConcluded();
    node = value;
    return this;
  }

  public int node() {
    return node;
  }

  /** Which key flow tokens name, 0 to 15. Default 1. */
  public EmbeddedCoreContext flowKeyId(int value) {
    notConcluded();
    flowKeyId = value;
    return this;
  }

  public int flowKeyId() {
    return flowKeyId;
  }

  /** The key of flow and return tokens, 16 to 64 bytes. Default: 32 random bytes. */
  public EmbeddedCoreContext flowKey(byte[] value) {
    notConcluded();
    flowKey = value.clone();
    return this;
  }

  /** The key of branches, tags and nonces, 16 to 64 bytes. Default: 32 random bytes. */
  public EmbeddedCoreContext branchKey(byte[] value) {
    notConcluded();
    branchKey = value.clone();
    return this;
  }

  byte[] branchKey() {
    return branchKey;
  }

  TokenKeys tokenKeys() {
    return new TokenKeys(Map.of(flowKeyId, flowKey), flowKeyId, branchKey, node);
  }

  /** Default: the system's. */
  public EmbeddedCoreContext nanoClock(NanoClock value) {
    notConcluded();
    nanoClock = value;
    return this;
  }

  public NanoClock nanoClock() {
    return nanoClock;
  }
}
