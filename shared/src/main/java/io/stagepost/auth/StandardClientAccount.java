package io.stagepost.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The secrets of one selector. */
record StandardClientAccount(String selector, List<SecretRecord> secrets, MechanismRules rules)
    implements ClientAccount {

  @Override
  public String id() {
    return find(SecretType.PLAIN).orElse(secrets.getFirst()).id();
  }

  @Override
  public List<SaslClient> clients(List<String> offered) {
    Set<String> names =
        offered.stream().map(name -> name.toUpperCase(Locale.ROOT)).collect(Collectors.toSet());
    List<SaslClient> clients = new ArrayList<>();
    for (String cram : Mechanisms.CRAM) {
      HmacHash hash = HmacHash.ofMechanism(cram);
      Optional<SecretRecord> record = find(SecretType.PLAIN).or(() -> find(hash.type()));
      add(clients, names, record, found -> new CramClient(hash, found));
    }
    // After those that have always been preferred, and before all that show the password.
    add(
        clients,
        names,
        find(SecretType.PLAIN),
        record -> new ScramClient(record, ScramText.nonce()));
    add(clients, names, find(SecretType.OAUTH), PasswordClient::oauth);
    add(clients, names, find(SecretType.PLAIN), PasswordClient::plain);
    add(clients, names, find(SecretType.PLAIN), PasswordClient::login);
    return clients;
  }

  private void add(
      List<SaslClient> clients,
      Set<String> names,
      Optional<SecretRecord> record,
      Function<SecretRecord, SaslClient> maker) {
    record
        .map(maker)
        .filter(client -> names.contains(client.mechanism()))
        .filter(client -> rules.allowOurs(client.mechanism()))
        .ifPresent(clients::add);
  }

  private Optional<SecretRecord> find(SecretType type) {
    return secrets.stream().filter(record -> record.type() == type).findFirst();
  }
}
