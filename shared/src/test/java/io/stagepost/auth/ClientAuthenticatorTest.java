package io.stagepost.auth;

import static io.stagepost.auth.Clients.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.auth.ClientSelection.NoAccounts;
import io.stagepost.auth.ClientSelection.Nobody;
import io.stagepost.auth.ClientSelection.Somebody;
import io.stagepost.auth.ClientSelection.Unknown;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientAuthenticatorTest {

  private static final List<String> ALL =
      List.of(
          "login",
          "PLAIN",
          "XOAUTH2",
          "SCRAM-SHA-256",
          "CRAM-MD5",
          "CRAM-SHA1",
          "CRAM-SHA256",
          "CRAM-SHA512",
          "GSSAPI");

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private ClientSelection select(Optional<String> accounts, String rules, String selector) {
    ClientAuthenticator made =
        ClientAuthenticator.create(
            vertx, accounts, MechanismRules.parse(Optional.of(rules)), Clients.LOG);
    await(made.open());
    return await(made.select(selector));
  }

  private ClientAccount account(String records, String selector) throws IOException {
    Path file = Files.writeString(directory.resolve("secrets"), records);
    return ((Somebody) select(Optional.of(file.toString()), "", selector)).account();
  }

  private static List<String> names(List<SaslClient> clients) {
    return clients.stream().map(SaslClient::mechanism).toList();
  }

  @Test
  void whoWeAreFollowsFromAccountsAndSelector() throws IOException {
    Path file =
        Files.writeString(directory.resolve("s"), "client plain a b x\nclient plain:b = = none\n");
    Optional<String> accounts = Optional.of(file.toString());
    assertThat(select(Optional.empty(), "", "")).isEqualTo(new NoAccounts());
    assertThat(select(Optional.empty(), "", "x")).isEqualTo(new Unknown("x"));
    assertThat(select(accounts, "", "none")).isEqualTo(new Nobody());
    assertThat(select(accounts, "", "x")).isInstanceOf(Somebody.class);
    assertThat(select(accounts, "", "y"))
        .isInstanceOfSatisfying(
            Unknown.class,
            unknown ->
                assertThat(unknown.text())
                    .isEqualTo("no client authentication account: selector [y]"));
    assertThat(select(Optional.of("plain:YQ==:Yg=="), "", "")).isInstanceOf(Somebody.class);
    assertThat(select(Optional.of("plain:=:="), "", "")).isEqualTo(new Nobody());
  }

  @Test
  void theOrderIsOurs() throws IOException {
    assertThat(names(account("client plain a b\nclient oauth a YQ==\n", "").clients(ALL)))
        .containsExactly(
            "CRAM-SHA512",
            "CRAM-SHA256",
            "CRAM-SHA1",
            "CRAM-MD5",
            "SCRAM-SHA-256",
            "XOAUTH2",
            "PLAIN",
            "LOGIN");
    assertThat(names(account("client plain a b\n", "").clients(List.of("LOGIN", "PLAIN"))))
        .containsExactly("PLAIN", "LOGIN");
  }

  @Test
  void theKindOfSecretLimitsTheMechanisms() throws IOException {
    String states = HmacKey.of(HmacHash.SHA1, new byte[] {1}).encoded();
    ClientAccount hashed = account("client sha1 a " + states + " sel", "sel");
    assertThat(names(hashed.clients(ALL))).containsExactly("CRAM-SHA1");
    assertThat(hashed.clients(List.of("PLAIN"))).isEmpty();
    assertThat(hashed.noneText())
        .isEqualTo(
            "cannot do authentication: check for a compatible client secret with selector [sel]");
    assertThat(names(account("client oauth a YQ==", "").clients(ALL))).containsExactly("XOAUTH2");
  }

  @Test
  void rulesFilterAndDoNotReorder() {
    Optional<String> accounts = Optional.of("plain:YQ==:Yg==");
    Somebody somebody = (Somebody) select(accounts, "m:login,plain,cram-md5;a:plain", "");
    assertThat(names(somebody.account().clients(ALL)))
        .containsExactly("CRAM-MD5", "PLAIN", "LOGIN");
    Somebody other = (Somebody) select(accounts, "x:plain,scram-sha-256", "");
    assertThat(names(other.account().clients(ALL)))
        .containsExactly("CRAM-SHA512", "CRAM-SHA256", "CRAM-SHA1", "CRAM-MD5", "LOGIN");
  }

  @Test
  void cramIsRfc2195() throws IOException {
    SaslClient client =
        account("#\nclient plain tim tanstaaftanstaaf", "").clients(List.of("CRAM-MD5")).getFirst();
    assertThat(client.initial()).isEmpty();
    assertThat(client.respond(Buffer.buffer("<1896.697170952@postoffice.reston.mci.net>")))
        .contains(Buffer.buffer("tim b913a602c7eda7a495b4e6e7334d3890"));
    assertThat(client.respond(Buffer.buffer("again"))).isEmpty();
    assertThat(client.secret()).isEqualTo("plaintext secret for [tim] from line 2");
    assertThat(client.id()).isEqualTo("tim");
  }

  @Test
  void plainAndLoginSayTheirFirstWordWithTheCommand() throws IOException {
    ClientAccount account = account("client plain tim tan+20staaf", "");
    SaslClient plain = account.clients(List.of("PLAIN")).getFirst();
    assertThat(plain.initial()).contains(Buffer.buffer("\0tim\0tan staaf"));
    assertThat(plain.respond(Buffer.buffer("more"))).isEmpty();
    SaslClient login = account.clients(List.of("LOGIN")).getFirst();
    assertThat(login.initial()).contains(Buffer.buffer("tim"));
    assertThat(login.respond(Buffer.buffer("Password:"))).contains(Buffer.buffer("tan staaf"));
  }

  @Test
  void aLongFirstWordWaitsForTheServer() throws IOException {
    String password = "x".repeat(600);
    SaslClient plain =
        account("client plain tim " + password, "").clients(List.of("PLAIN")).getFirst();
    assertThat(plain.initial()).isEmpty();
    assertThat(plain.respond(Buffer.buffer())).contains(Buffer.buffer("\0tim\0" + password));
    assertThat(plain.respond(Buffer.buffer())).isEmpty();
  }

  @Test
  void anOauthErrorIsAnsweredWithNothing() throws IOException {
    SaslClient oauth =
        account("client oauth a dXNlcj1h", "").clients(List.of("xoauth2")).getFirst();
    assertThat(oauth.initial()).contains(Buffer.buffer("user=a"));
    assertThat(oauth.respond(Buffer.buffer("{}"))).contains(Buffer.buffer());
    assertThat(oauth.respond(Buffer.buffer("{}"))).isEmpty();
  }
}
