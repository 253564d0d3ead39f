package io.stagepost.pop;

import io.stagepost.auth.Privacy;
import io.stagepost.config.PopSettings;
import io.stagepost.config.PopSettings.Feature;
import io.stagepost.config.ProductVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a session goes by: the settings, and what follows from them. */
public record Profile(PopSettings settings, Access access) {

  private static final String PLAIN = "PLAIN";
  private static final Set<String> SHOWING = Set.of(PLAIN, "LOGIN");

  boolean has(Feature feature) {
    return settings.has(feature);
  }

  /** The mechanisms that may be used now. */
  List<String> mechanisms(Privacy privacy) {
    List<String> all = access.accounts().mechanisms(privacy);
    if (privacy == Privacy.ENCRYPTED) {
      return all;
    }
    return switch (access.clear()) {
      case ANYTHING -> all;
      case NO_PASSWORDS -> all.stream().filter(name -> !SHOWING.contains(name)).toList();
      case NOTHING -> List.of();
    };
  }

  boolean offersPassword(Privacy privacy) {
    return mechanisms(privacy).contains(PLAIN);
  }

  boolean offersApop(Privacy privacy) {
    boolean barred = privacy == Privacy.CLEAR && access.clear() == Access.Clear.NOTHING;
    return !barred && access.accounts().offersApop(privacy);
  }

  /** Lines of the reply to CAPA (RFC 2449 §5). */
  List<String> capabilities(Privacy privacy) {
    List<String> lines = new ArrayList<>();
    if (offersPassword(privacy)) {
      lines.add("USER");
    }
    lines.addAll(List.of("CAPA", "TOP", "UIDL"));
    if (access.tls().isPresent()) {
      lines.add("STLS");
    }
    List<String> mechanisms = mechanisms(privacy);
    if (!mechanisms.isEmpty()) {
      lines.add("SASL " + String.join(" ", mechanisms));
    }
    addFeatures(lines);
    return lines;
  }

  private void addFeatures(List<String> lines) {
    if (has(Feature.RESPCODES)) {
      lines.add("RESP-CODES");
      lines.add("AUTH-RESP-CODE");
    }
    if (has(Feature.PIPELINING)) {
      lines.add("PIPELINING");
    }
    if (has(Feature.EXPIRE)) {
      lines.add("EXPIRE NEVER");
    }
    if (has(Feature.UTF8)) {
      lines.add("UTF8 USER");
    }
    if (has(Feature.LANG)) {
      lines.add("LANG");
    }
    if (has(Feature.IMPLEMENTATION)) {
      lines.add("IMPLEMENTATION " + ProductVersion.GREETING.replace(' ', '-'));
    }
  }

  /** A refusal, with the reason when reasons are shown. */
  String refusal(String reason) {
    return has(Feature.RESPCODES) ? Replies.ERR + " " + reason : Replies.ERR;
  }
}
