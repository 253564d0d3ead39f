package io.stagepost.smtpserver;

import io.stagepost.auth.Privacy;
import io.stagepost.auth.SenderRules;
import io.stagepost.auth.ServerAuthenticator;
import io.stagepost.config.SecuritySettings;
import io.stagepost.config.SecuritySettings.ClearPasswords;
import io.stagepost.config.SecuritySettings.Need;
import io.stagepost.config.SecuritySettings.Tls;
import io.stagepost.net.tls.ServerTls;
import io.stagepost.smtpserver.Security.Entry;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Encryption and authentication of clients.
 *
 * @param tls what encrypts, if anything; opened and closed by others
 * @param accounts who clients can be; clients must authenticate when present. Opened and closed by
 *     others
 * @param senders which addresses they may send with
 */
public record SmtpSecurity(
    SecuritySettings.Server settings,
    Optional<ServerTls> tls,
    Optional<ServerAuthenticator> accounts,
    SenderRules senders) {

  private static final Set<String> SHOW_THE_PASSWORD = Set.of("PLAIN", "LOGIN");

  /** Nothing is encrypted, and nobody is asked. */
  public static final SmtpSecurity NONE =
      new SmtpSecurity(
          SecuritySettings.NONE.server(), Optional.empty(), Optional.empty(), SenderRules.NONE);

  /** How connections begin where nothing else is said. */
  Entry entry() {
    return settings.tls() == Tls.IMPLICIT ? Entry.ENCRYPTED : Entry.CLEAR;
  }

  /** Whether STARTTLS is there for those who come in the clear. */
  boolean offersStartTls() {
    return settings.tls() == Tls.STARTTLS;
  }

  /** Whether there is no mail in the clear. */
  boolean requiresTls() {
    return settings.need() == Need.REQUIRED;
  }

  /** The mechanisms that are offered now. */
  List<String> mechanisms(Privacy privacy) {
    List<String> all = accounts.map(a -> a.mechanisms(privacy)).orElse(List.of());
    return privacy == Privacy.CLEAR && settings.clearPasswords() == ClearPasswords.WITHHELD
        ? all.stream().filter(mechanism -> !SHOW_THE_PASSWORD.contains(mechanism)).toList()
        : all;
  }
}
