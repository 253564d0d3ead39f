package io.stagepost.config;

import io.stagepost.auth.ServerAuthOptions.Modern;
import io.stagepost.auth.ThrottleOptions;
import io.stagepost.config.SecuritySettings.Author;
import io.stagepost.config.SecuritySettings.ClearPasswords;
import io.stagepost.config.SecuritySettings.Need;
import io.stagepost.config.SecuritySettings.Passwords;
import io.stagepost.config.SecuritySettings.Tls;
import io.stagepost.config.SecuritySettings.Verification;
import io.stagepost.net.AddressRanges;
import io.stagepost.net.tls.Authorities;
import io.stagepost.net.tls.TlsEngine;
import io.stagepost.net.tls.TlsVersions;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes the settings of encryption and authentication from checked options. */
final class SecurityMaker {

  private static final String ANY = "<any>";
  private static final String PAM = "pam:";
  private static final String OLD_PAM = "/pam";

  private final OptionValues values;
  private final Invocation invocation;

  private SecurityMaker(OptionValues values, Invocation invocation) {
    this.values = values;
    this.invocation = invocation;
  }

  static SecuritySettings make(
      OptionValues values, Invocation invocation, Collection<String> warnings) {
    SecurityMaker maker = new SecurityMaker(values, invocation);
    TlsVersions versions = TlsVersions.parse(values.list(TlsOptions.TLS_CONFIG));
    if (!versions.ignored().isEmpty()) {
      warnings.add(
          "tls-config: tls configuration items ignored: ["
              + String.join(",", versions.ignored())
              + ']');
    }
    TlsEngine engine =
        TlsEngine.valueOf(values.required(TlsOptions.TLS_ENGINE).toUpperCase(Locale.ROOT));
    return new SecuritySettings(maker.server(), maker.client(), versions, engine, maker.guard());
  }

  /** Where accounts are: a path made absolute, or what names them otherwise. */
  static Optional<String> accounts(OptionValues values, Option option, Invocation invocation) {
    return values
        .text(option)
        .map(
            text ->
                text.equals(PAM) || text.equals(OLD_PAM)
                    ? PAM
                    : AuthText.isInline(text) ? text : invocation.path(text).toString());
  }

  private SecuritySettings.Server server() {
    return new SecuritySettings.Server(
        tls(TlsOptions.SERVER_TLS, TlsOptions.SERVER_TLS_CONNECTION),
        need(TlsOptions.SERVER_TLS_REQUIRED),
        paths(TlsOptions.SERVER_TLS_CERTIFICATE),
        authorities(TlsOptions.SERVER_TLS_VERIFY),
        accounts(values, AccessOptions.SERVER_AUTH, invocation),
        values.text(AccessOptions.SERVER_AUTH_CONFIG),
        values.isOn(AccessOptions.CLEAR_PASSWORDS)
            ? ClearPasswords.OFFERED
            : ClearPasswords.WITHHELD);
  }

  private SecuritySettings.Client client() {
    Tls asked = tls(TlsOptions.CLIENT_TLS, TlsOptions.CLIENT_TLS_CONNECTION);
    Need need = need(TlsOptions.CLIENT_TLS_REQUIRED);
    return new SecuritySettings.Client(
        asked == Tls.OFF && need == Need.REQUIRED ? Tls.STARTTLS : asked,
        need,
        paths(TlsOptions.CLIENT_TLS_CERTIFICATE),
        verification(need),
        accounts(values, AccessOptions.CLIENT_AUTH, invocation),
        values.text(AccessOptions.CLIENT_AUTH_CONFIG),
        Passwords.valueOf(
            values.required(AccessOptions.CLIENT_AUTH_PASSWORDS).toUpperCase(Locale.ROOT)),
        isAnonymous() ? Author.NOBODY : Author.ACCOUNT);
  }

  private boolean isAnonymous() {
    List<String> scopes = values.list(IntakeOptions.ANONYMOUS);
    return values.isOn(IntakeOptions.ANONYMOUS)
        && (scopes.isEmpty()
            || scopes.stream().anyMatch(AnonymousScope.CLIENT.name()::equalsIgnoreCase));
  }

  private SecuritySettings.Guard guard() {
    return new SecuritySettings.Guard(
        values.isOn(AccessOptions.AUTH_SCRAM) ? Modern.OFFERED : Modern.ON_REQUEST,
        new ThrottleOptions(
            values.period(AccessOptions.AUTH_DELAY),
            values.period(AccessOptions.AUTH_DELAY_MAX),
            values.number(AccessOptions.AUTH_BAN_AFTER),
            values.number(AccessOptions.AUTH_BAN_USERS_AFTER),
            values.period(AccessOptions.AUTH_BAN_TIME),
            AddressRanges.parse(values.list(AccessOptions.AUTH_BAN_EXEMPT))),
        values.path(AccessOptions.AUTH_SENDERS, invocation));
  }

  /** Our own default is to believe nobody when it matters who the next hop is. */
  private Verification verification(Need need) {
    Optional<String> authorities = authorities(TlsOptions.CLIENT_TLS_VERIFY);
    boolean matters = need == Need.REQUIRED || values.isOn(AccessOptions.CLIENT_AUTH);
    return new Verification(
        authorities.isEmpty() && matters ? Optional.of(Authorities.DEFAULT) : authorities,
        values.text(TlsOptions.CLIENT_TLS_VERIFY_NAME).filter(name -> !name.equals(ANY)),
        values.text(TlsOptions.CLIENT_TLS_SERVER_NAME));
  }

  private Tls tls(Option byCommand, Option fromTheStart) {
    return values.isOn(fromTheStart)
        ? Tls.IMPLICIT
        : values.isOn(byCommand) ? Tls.STARTTLS : Tls.OFF;
  }

  private Need need(Option option) {
    return values.isOn(option) ? Need.REQUIRED : Need.OPTIONAL;
  }

  private List<Path> paths(Option option) {
    return values.list(option).stream().map(invocation::path).toList();
  }

  private Optional<String> authorities(Option option) {
    return values
        .text(option)
        .map(text -> text.startsWith("<") ? text : invocation.path(text).toString());
  }
}
