package io.stagepost.net.tls;

import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which versions of TLS are spoken and how, as words say: {@code tlsv1.2} is a minimum, {@code
 * -tlsv1.3} a maximum. Without words it is TLS 1.2 and up (RFC 8996).
 *
 * @param protocols names of the JDK, oldest first
 * @param checks whether certificates are looked at
 * @param ignored words that mean nothing here
 */
public record TlsVersions(List<String> protocols, Checks checks, List<String> ignored) {

  private static final List<String> KNOWN = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");
  private static final int USUAL_MINIMUM = KNOWN.indexOf("TLSv1.2");
  private static final String DISABLED = "jdk.tls.disabledAlgorithms";

  /** TLS 1.2 and up. */
  public static final TlsVersions DEFAULT = parse(List.of());

  // They choose a library or options of it that have no equal, or are the case anyway.
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "openssl",
          "mbedtls",
          "op_all",
          "op_no_ticket",
          "op_no_resumption",
          "op_server_preference",
          "ignoreextra");

  /** Whether certificates of peers are looked at. */
  public enum Checks {
    AS_CONFIGURED,
    NONE
  }

  /** Copies the lists. */
  public TlsVersions {
    protocols = List.copyOf(protocols);
    ignored = List.copyOf(ignored);
  }

  /** Understands words of {@code --tls-config}; in whatever order, the last of a kind counts. */
  public static TlsVersions parse(List<String> words) {
    int minimum = USUAL_MINIMUM;
    int maximum = KNOWN.size() - 1;
    Checks checks = Checks.AS_CONFIGURED;
    List<String> ignored = new ArrayList<>();
    for (String given : words) {
      String word = given.toLowerCase(Locale.ROOT);
      int version = version(word.startsWith("-") ? word.substring(1) : word);
      if (version >= 0 && word.startsWith("-")) {
        maximum = version;
      } else if (version >= 0) {
        minimum = version;
      } else if (word.equals("sslv3")) {
        minimum = 0; // nothing older is left that could be spoken
      } else if (word.equals("noverify")) {
        checks = Checks.NONE;
      } else if (!WITHOUT_EFFECT.contains(word)) {
        ignored.add(given);
      }
    }
    List<String> protocols = KNOWN.subList(Math.min(minimum, maximum), maximum + 1);
    boolean silent = words.stream().anyMatch("ignoreextra"::equalsIgnoreCase);
    return new TlsVersions(protocols, checks, silent ? List.of() : ignored);
  }

  /**
   * Lets this JVM speak the old versions that were asked for. To be called before the first
   * handshake, as the JDK looks once.
   */
  void permit() {
    Set<String> wanted =
        protocols.stream()
            .filter(protocol -> KNOWN.indexOf(protocol) < USUAL_MINIMUM)
            .collect(Collectors.toSet());
    String disabled = Security.getProperty(DISABLED);
    if (wanted.isEmpty() || disabled == null) {
      return;
    }
    String left =
        Arrays.stream(disabled.split(","))
            .map(String::strip)
            .filter(name -> !wanted.contains(name))
            .collect(Collectors.joining(", "));
    Security.setProperty(DISABLED, left);
  }

  String[] names() {
    return protocols.toArray(String[]::new);
  }

  private static int version(String word) {
    return switch (word) {
      case "tlsv1.0", "tlsv1" -> 0;
      case "tlsv1.1" -> 1;
      case "tlsv1.2" -> 2;
      case "tlsv1.3" -> 3;
      default -> -1;
    };
  }
}
