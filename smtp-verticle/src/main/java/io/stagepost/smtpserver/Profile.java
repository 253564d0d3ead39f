package io.stagepost.smtpserver;

import io.stagepost.config.AnonymousScope;
import io.stagepost.config.SmtpSettings;
import io.stagepost.config.SmtpSettings.Feature;
import io.stagepost.net.AddressRanges;
import io.stagepost.smtp.EnhancedStatus;
import io.stagepost.smtp.PathRule;
import io.stagepost.smtp.Reply;
import io.stagepost.smtp.ReplyCode;
import io.stagepost.wire.BareLineEnds;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What follows from the settings, worked out once for all sessions. */
final class Profile {

  /** Extensions whose keyword is their name, in the order of the EHLO reply. */
  private static final List<Feature> NAMED_AS_OFFERED =
      List.of(
          Feature.PIPELINING,
          Feature.SMTPUTF8,
          Feature.ENHANCEDSTATUSCODES,
          Feature.DSN,
          Feature.HELP);

  private final SmtpSettings settings;
  private final AddressRanges bareLineEndsAllowed;
  private final Set<PathRule> pathRules;
  private final Reply greeting;
  private final List<String> ehloHead;
  private final List<String> ehloTail;
  private final Reply ehlo;
  private final Reply help;

  Profile(SmtpSettings settings) {
    this.settings = settings;
    this.bareLineEndsAllowed = AddressRanges.parse(settings.bareLineEnds().allowed());
    this.pathRules = pathRules(settings);
    boolean anonymous = settings.anonymous().contains(AnonymousScope.SERVER);
    this.greeting =
        Reply.of(
            ReplyCode.SERVICE_READY_220,
            anonymous
                ? "greeting"
                : settings.domain() + " -- " + settings.product() + " -- Service ready");
    this.ehloHead = ehloHead();
    this.ehloTail = ehloTail();
    this.ehlo = ehlo(List.of());
    this.help =
        new Reply(
            ReplyCode.HELP_214,
            EnhancedStatus.NONE,
            List.of("commands: " + String.join(" ", verbs())));
  }

  SmtpSettings settings() {
    return settings;
  }

  boolean has(Feature feature) {
    return settings.features().contains(feature);
  }

  boolean hides(AnonymousScope scope) {
    return settings.anonymous().contains(scope);
  }

  Set<PathRule> pathRules() {
    return pathRules;
  }

  Reply greeting() {
    return greeting;
  }

  /** The reply to EHLO while security is in some state. */
  Reply ehlo(Security security) {
    List<String> mechanisms = security.mechanisms();
    if (mechanisms.isEmpty() && !security.canStartTls()) {
      return ehlo;
    }
    List<String> offers = new ArrayList<>(2);
    if (!mechanisms.isEmpty()) {
      offers.add("AUTH " + String.join(" ", mechanisms));
    }
    if (security.canStartTls()) {
      offers.add("STARTTLS");
    }
    return ehlo(offers);
  }

  Reply help() {
    return help;
  }

  /** What is done about bare line ends from a client. */
  BareLineEnds bareLineEndsFor(String client) {
    return bareLineEndsAllowed.contains(client)
        ? BareLineEnds.ALLOW
        : settings.bareLineEnds().action();
  }

  private static Set<PathRule> pathRules(SmtpSettings settings) {
    Set<PathRule> rules = EnumSet.noneOf(PathRule.class);
    for (Feature feature : settings.features()) {
      switch (feature) {
        case STRICTPARSING -> rules.add(PathRule.BRACKETS);
        case ALABELS -> rules.add(PathRule.A_LABELS);
        case SMTPUTF8STRICT -> rules.add(PathRule.UTF8_DECLARED);
        case DSN -> rules.add(PathRule.DSN);
        default -> {}
      }
    }
    return Set.copyOf(rules);
  }

  private Reply ehlo(List<String> offers) {
    List<String> lines = new ArrayList<>(ehloHead);
    lines.addAll(offers);
    lines.addAll(ehloTail);
    return new Reply(ReplyCode.OK_250, null, lines);
  }

  private List<String> ehloHead() {
    List<String> lines = new ArrayList<>();
    lines.add((hides(AnonymousScope.SERVER) ? "smtp" : settings.domain()) + " says hello");
    if (settings.limits().messageSize() > 0) {
      lines.add("SIZE " + settings.limits().messageSize());
    }
    return lines;
  }

  private List<String> ehloTail() {
    List<String> lines = new ArrayList<>();
    if (!hides(AnonymousScope.VRFY)) {
      lines.add("VRFY");
    }
    if (has(Feature.CHUNKING)) {
      lines.add("CHUNKING");
      lines.add("BINARYMIME");
    }
    for (Feature feature : NAMED_AS_OFFERED) {
      if (has(feature)) {
        lines.add(feature.name());
      }
    }
    lines.add("8BITMIME");
    return lines;
  }

  private List<String> verbs() {
    List<String> verbs = new ArrayList<>(List.of("EHLO", "HELO", "MAIL", "RCPT", "DATA"));
    if (has(Feature.CHUNKING)) {
      verbs.add("BDAT");
    }
    verbs.addAll(List.of("RSET", "NOOP", "VRFY", "HELP", "QUIT"));
    return verbs;
  }
}
