package io.stagepost.auth;

import io.stagepost.auth.SecretType.Side;
import io.stagepost.auth.SecretsFile.Remark;
import io.stagepost.net.AddressRange;
import io.stagepost.smtp.Xtext;
import io.stagepost.telemetry.LogText;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reads secrets files: a record a line, {@code side type id secret [selector]} between blanks,
 * comments and empty lines between them.
 */
final class SecretsParser {

  private static final String EMPTY = "=";
  private static final String BASE64_TYPE = "plain:b";

  private final List<SecretRecord> server = new ArrayList<>();
  private final List<SecretRecord> client = new ArrayList<>();
  private final List<TrustRecord> trusts = new ArrayList<>();
  private final List<Remark> problems = new ArrayList<>();
  private final List<Remark> warnings = new ArrayList<>();
  private final Set<List<String>> seen = new HashSet<>();
  private int line;

  private SecretsParser() {}

  /** Reads the whole text of a file, an octet a character. */
  static SecretsFile parse(String text) {
    SecretsParser parser = new SecretsParser();
    text.lines().forEach(parser::line);
    return new SecretsFile(
        parser.server, parser.client, parser.trusts, parser.problems, parser.warnings);
  }

  /** The fields of a line; none for a comment or an empty line. */
  static List<String> fields(String line) {
    List<String> fields =
        Arrays.stream(line.split("[ \t\r]+")).filter(field -> !field.isEmpty()).toList();
    if (line.startsWith("#") || fields.isEmpty()) {
      return List.of();
    }
    return fields.size() > 4 && fields.get(4).startsWith("#") ? fields.subList(0, 4) : fields;
  }

  private void line(String text) {
    line++;
    List<String> fields = fields(text);
    if (fields.isEmpty()) {
      return;
    }
    if (fields.size() < 4) {
      problem("too few fields");
      return;
    }
    if (fields.size() > 5) {
      warnings.add(new Remark(line, "too many fields"));
    }
    switch (fields.get(0).toLowerCase(Locale.ROOT)) {
      case "client" -> secret(Side.CLIENT, fields);
      case "server" -> {
        if (fields.get(1).equalsIgnoreCase("none")) {
          trust(fields.get(2), fields.get(3));
        } else {
          secret(Side.SERVER, fields);
        }
      }
      default -> problem("invalid value in first field: [" + LogText.escape(fields.get(0)) + "]");
    }
  }

  private void trust(String pattern, String keyword) {
    if (!seen.add(List.of("trust", pattern))) {
      problem("duplicate server trust address");
      return;
    }
    Optional<AddressRange> range = TrustRecord.range(pattern);
    if (range.isEmpty() || !range.get().isWrittenAsNetwork()) {
      String why = range.isEmpty() ? "not an address pattern" : "not a network address";
      warnings.add(new Remark(line, why + ": [" + LogText.escape(pattern) + "]: never matches"));
      return;
    }
    trusts.add(new TrustRecord(pattern, range.get(), keyword, line));
  }

  private void secret(Side side, List<String> fields) {
    Optional<SecretType> type = SecretType.named(fields.get(1), side);
    if (type.isEmpty()) {
      warnings.add(
          new Remark(line, "ignored: unknown type: [" + LogText.escape(fields.get(1)) + "]"));
      return;
    }
    boolean isBase64 = fields.get(1).equalsIgnoreCase(BASE64_TYPE);
    Optional<byte[]> id = isBase64 ? base64(fields.get(2)) : xtext(fields.get(2));
    if (id.isEmpty()) {
      problem("invalid " + (isBase64 ? "base64" : "xtext") + " encoding of id");
      return;
    }
    Optional<byte[]> secret = secret(type.get(), isBase64, fields.get(3));
    if (secret.isEmpty()) {
      problem("invalid " + encoding(type.get(), isBase64) + " encoding of secret");
      return;
    }
    String name = Octets.text(id.get());
    if (side == Side.SERVER && name.isEmpty()) {
      problem("empty id");
      return;
    }
    String selector = side == Side.CLIENT && fields.size() > 4 ? fields.get(4) : "";
    String key = side == Side.SERVER ? name : selector;
    if (!seen.add(List.of(side.toString(), type.get().name(), key))) {
      problem("duplicate " + side + " secret");
      return;
    }
    (side == Side.SERVER ? server : client)
        .add(new SecretRecord(type.get(), name, Buffer.buffer(secret.get()), selector, line));
  }

  // Plain passwords and tokens are decoded; everything else is kept as it is written, once it is
  // known to be
  // well-formed.
  private static Optional<byte[]> secret(SecretType type, boolean isBase64, String field) {
    return switch (type) {
      case PLAIN -> isBase64 ? base64(field) : xtext(field);
      case MD5, SHA1, SHA256, SHA512 ->
          HmacKey.parse(HmacHash.of(type).orElseThrow(), field).map(key -> octets(field));
      case OAUTH -> Octets.ofBase64(field);
      case ARGON2ID -> Argon2Text.parse(field).map(text -> octets(field));
      case BCRYPT -> SlowHash.isBcrypt(field) ? Optional.of(octets(field)) : Optional.empty();
      case SCRAM_SHA_256 -> ScramKeys.parse(field).map(keys -> octets(field));
    };
  }

  private static String encoding(SecretType type, boolean isBase64) {
    return switch (type) {
      case PLAIN -> isBase64 ? "base64" : "xtext";
      case OAUTH -> "base64";
      default -> type.kind();
    };
  }

  private static byte[] octets(String field) {
    return Buffer.buffer(field, "ISO-8859-1").getBytes();
  }

  private static Optional<byte[]> base64(String field) {
    return field.equals(EMPTY) ? Optional.of(new byte[0]) : Octets.ofBase64(field);
  }

  private static Optional<byte[]> xtext(String field) {
    return Xtext.isValid(field) ? Optional.of(Xtext.decodeOctets(field)) : Optional.empty();
  }

  private void problem(String text) {
    problems.add(new Remark(line, text));
  }
}
