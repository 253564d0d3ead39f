package io.stagepost.auth;

import io.stagepost.auth.SecretsFile.Remark;
import io.stagepost.smtp.Xtext;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A file of users and the addresses that are theirs. */
final class SendersContent implements WatchedFile.Content<Map<String, List<String>>> {

  @Override
  public String kind() {
    return "senders file";
  }

  @Override
  public Map<String, List<String>> parse(Path path, String text, RelayLog log)
      throws AccountsException {
    Map<String, List<String>> users = new HashMap<>();
    List<String> problems = new ArrayList<>();
    int number = 0;
    // Addresses may be internationalised.
    String decoded = Octets.text(text.getBytes(StandardCharsets.ISO_8859_1));
    for (String line : decoded.lines().toList()) {
      number++;
      String bare = line.strip();
      if (!bare.isEmpty() && !bare.startsWith("#")) {
        String problem = add(users, List.of(bare.split("\\s+")));
        if (!problem.isEmpty()) {
          problems.add(new Remark(number, problem).in(path.toString()));
        }
      }
    }
    if (!problems.isEmpty()) {
      problems.addFirst("problems reading senders file [" + path + "]...");
      throw new AccountsException(problems);
    }
    return Map.copyOf(users);
  }

  private static String add(Map<String, List<String>> users, List<String> fields) {
    if (!Xtext.isValid(fields.getFirst())) {
      return "invalid xtext encoding of user";
    }
    List<String> addresses =
        fields.stream().skip(1).map(field -> field.toLowerCase(Locale.ROOT)).toList();
    for (String address : addresses) {
      if (!address.equals("*") && (address.indexOf('@') < 0 || address.endsWith("@"))) {
        return "not an address: [" + LogText.escape(address) + "]";
      }
    }
    return users.put(Xtext.decode(fields.getFirst()), addresses) == null ? "" : "duplicate user";
  }
}
