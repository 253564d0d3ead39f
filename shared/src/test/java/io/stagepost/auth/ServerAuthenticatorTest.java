package io.stagepost.auth;

import static io.stagepost.auth.Clients.await;
import static io.stagepost.auth.Clients.failure;
import static io.stagepost.auth.Clients.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stagepost.auth.ServerAuthOptions.Modern;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.auth.authentication.UsernamePasswordCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAuthenticatorTest {

  private static final String ARGON2ID =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  private static final String BCRYPT =
      "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe";
  private static final String SCRAM =
      "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
          + "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
          + "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
  private static final AuthPeer PEER = Clients.at("192.0.2.1");

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final LoginGuard guard = LoginGuard.create(vertx);

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private ServerAuthenticator open(String records) {
    return open(records, MechanismRules.ALL, Modern.ON_REQUEST);
  }

  private ServerAuthenticator open(String records, MechanismRules rules, Modern modern) {
    ServerAuthenticator made =
        ServerAuthenticator.create(
            guard,
            file(records).toString(),
            new ServerAuthOptions(
                rules, modern, ThrottleOptions.OFF, SecurityEvents.NONE, Clients.LOG));
    await(made.open());
    return made;
  }

  private Path file(String records) {
    try {
      return Files.writeString(directory.resolve("secrets"), records);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server plain a b  | CRAM-SHA512 CRAM-SHA256 CRAM-SHA1 CRAM-MD5 PLAIN LOGIN",
        "server md5 a 3pIN0aPbd5aN0S4ogKA3w2P3P9XH0hXchLP1W+adpQE= | CRAM-MD5",
        "server bcrypt a " + BCRYPT + " | PLAIN LOGIN",
        "server argon2id a " + ARGON2ID + " | PLAIN LOGIN",
        "server scram-sha-256 a " + SCRAM + " | SCRAM-SHA-256 PLAIN LOGIN"
      })
  void mechanismsFollowFromTheSecrets(String records, String names) {
    ServerAuthenticator accounts = open(records);
    assertThat(accounts.mechanisms(Privacy.CLEAR)).containsExactly(names.split(" "));
    assertThat(accounts.mechanisms(Privacy.ENCRYPTED)).containsExactly(names.split(" "));
  }

  @Test
  void withoutAccountsPlainIsOfferedUnderTlsOnly() {
    ServerAuthenticator accounts = open("server none 127.0.0.1 local\n");
    assertThat(accounts.mechanisms(Privacy.CLEAR)).isEmpty();
    assertThat(accounts.mechanisms(Privacy.ENCRYPTED)).containsExactly("PLAIN");
    assertThat(accounts.trusted("127.0.0.1")).map(Trusted::keyword).contains("local");
    assertThat(say(accounts.begin("PLAIN", PEER), "\0a\0b")).isEqualTo("WRONG");
  }

  @Test
  void rulesFilterTheOfferWithoutReorderingIt() {
    MechanismRules rules = MechanismRules.parse(Optional.of("m:;a:login,plain"));
    ServerAuthenticator accounts = open("server plain a b", rules, Modern.OFFERED);
    assertThat(accounts.mechanisms(Privacy.CLEAR)).isEmpty();
    assertThat(accounts.mechanisms(Privacy.ENCRYPTED)).containsExactly("PLAIN", "LOGIN");
    assertThat(accounts.offersApop(Privacy.CLEAR)).isFalse();
    assertThatThrownBy(() -> accounts.begin("CRAM-MD5", PEER))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void scramIsOfferedFirstWhereItIsWanted() {
    ServerAuthenticator accounts = open("server plain a b", MechanismRules.ALL, Modern.OFFERED);
    assertThat(accounts.mechanisms(Privacy.CLEAR)).startsWith("SCRAM-SHA-256", "CRAM-SHA512");
  }

  @ParameterizedTest
  @CsvSource({
    "'_alice_e=mc2',alice",
    "'alice_alice_e=mc2',alice",
    "'bob_alice_e=mc2',WRONG",
    "'_alice_e=mc',WRONG",
    "'_alice_E=MC2',WRONG",
    "'_nobody_e=mc2',WRONG",
    "'_alice_',WRONG",
    "'__e=mc2',WRONG",
    "'_alice_e=mc2_',WRONG",
    "'alice',WRONG",
    "'',WRONG"
  })
  void plainIsRfc4616(String message, String outcome) {
    ServerAuthenticator accounts = open("server plain alice e+3Dmc2\n");
    SaslServer plain = accounts.begin("plain", PEER);
    assertThat(plain.start()).isEqualTo(Buffer.buffer());
    assertThat(say(plain, message.replace('_', '\0'))).isEqualTo(outcome);
  }

  @Test
  void loginAsksTwice() {
    ServerAuthenticator accounts = open("server plain alice e+3Dmc2\n");
    SaslServer login = accounts.begin("LOGIN", PEER);
    assertThat(login.start()).isEqualTo(Buffer.buffer("Username:"));
    assertThat(say(login, "alice")).isEqualTo("? Password:");
    assertThat(say(login, "e=mc2")).isEqualTo("alice");
    assertThat(say(accounts.begin("LOGIN", PEER), "alice", "x")).isEqualTo("WRONG");
    assertThat(say(accounts.begin("LOGIN", PEER), "", "")).isEqualTo("WRONG");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CRAM-MD5", "CRAM-SHA1", "CRAM-SHA256", "CRAM-SHA512"})
  void cramWorksWithPasswordsAndWithTheirStates(String mechanism) {
    HmacHash hash = HmacHash.ofMechanism(mechanism);
    String state = HmacKey.of(hash, SlowHash.octets("secret word")).encoded();
    ServerAuthenticator accounts =
        open(
            "server plain alice secret+20word\nserver %s bob+20b %s\n"
                .formatted(hash.type().kind(), state));
    for (String user : List.of("alice", "bob b")) {
      SaslServer server = accounts.begin(mechanism, PEER);
      assertThat(server.isServerFirst()).isTrue();
      assertThat(server.start().toString()).matches("<\\d+\\.\\d+@relay\\.test>");
      SecretRecord ours =
          new SecretRecord(SecretType.PLAIN, user, Buffer.buffer("secret word"), "", 0);
      assertThat(Clients.exchange(server, new CramClient(hash, ours))).isEqualTo(user);
    }
    SecretRecord wrong = new SecretRecord(SecretType.PLAIN, "alice", Buffer.buffer("x"), "", 0);
    assertThat(Clients.exchange(accounts.begin(mechanism, PEER), new CramClient(hash, wrong)))
        .isEqualTo("WRONG");
    assertThat(say(accounts.begin(mechanism, PEER), "alice")).isEqualTo("WRONG");
    assertThat(say(accounts.begin(mechanism, PEER), "")).isEqualTo("WRONG");
  }

  @ParameterizedTest
  @CsvSource({
    "argon,password,argon",
    "argon,passwort,WRONG",
    "crypt,a,crypt",
    "crypt,b,WRONG",
    "user,pencil,user",
    "user,pen,WRONG",
    "nobody,a,WRONG"
  })
  void slowHashesServePlainAndLogin(String user, String password, String outcome) {
    ServerAuthenticator accounts =
        open(
            "server argon2id argon %s\nserver bcrypt crypt %s\nserver scram-sha-256 user %s\n"
                .formatted(ARGON2ID, BCRYPT, SCRAM));
    assertThat(say(accounts.begin("PLAIN", PEER), "\0" + user + "\0" + password))
        .isEqualTo(outcome);
    assertThat(say(accounts.begin("LOGIN", PEER), user, password)).isEqualTo(outcome);
  }

  @Test
  void apopIsRfc1939() {
    ServerAuthenticator accounts = open("server plain mrose tanstaaf\n");
    String challenge = "<1896.697170952@dbc.mtview.ca.us>";
    assertThat(accounts.offersApop(Privacy.CLEAR)).isTrue();
    assertThat(
            Clients.outcome(
                await(accounts.apop("mrose", "c4c9334bac560ecc979e58001b3e22fb", challenge, PEER))))
        .isEqualTo("mrose");
    for (String wrong : List.of("c4c9334bac560ecc979e58001b3e22fc", "", "xyz")) {
      assertThat(Clients.outcome(await(accounts.apop("mrose", wrong, challenge, PEER))))
          .isEqualTo("WRONG");
    }
    assertThat(
            open("server md5 a 3pIN0aPbd5aN0S4ogKA3w2P3P9XH0hXchLP1W+adpQE=\n")
                .offersApop(Privacy.CLEAR))
        .isFalse();
  }

  @Test
  void theLogSaysWhichSecretDecided() {
    ServerAuthenticator accounts = open("#\nserver plain alice x\n");
    try (LogLines log = LogLines.listening()) {
      assertThat(say(accounts.begin("PLAIN", PEER), "\0alice\0x")).isEqualTo("alice");
      assertThat(say(accounts.begin("PLAIN", PEER), "\0alice\0y")).isEqualTo("WRONG");
      assertThat(say(accounts.begin("LOGIN", PEER), "mal\r\nlory", "y")).isEqualTo("WRONG");
      assertThat(say(accounts.begin("CRAM-MD5", PEER), "y")).isEqualTo("WRONG");
      assertThat(log.lines())
          .containsExactly(
              "info: successful authentication of remote client using mechanism [plain] and"
                  + " plaintext secret for [alice] from line 2",
              "warn: failed authentication of remote client using mechanism [plain] and"
                  + " plaintext secret for [alice] from line 2",
              "warn: failed authentication of remote client using mechanism [login] and"
                  + " missing secret for [mal\\r\\nlory]",
              "warn: failed authentication of remote client using mechanism [cram-md5] and"
                  + " missing secret");
    }
  }

  @Test
  void aBrokenFileIsToldWithAllItsProblems() {
    Path file = file("foo plain a b\nserver plain a\n");
    ServerAuthenticator accounts =
        ServerAuthenticator.create(
            guard, file.toString(), ServerAuthOptions.of(MechanismRules.ALL, Clients.LOG));
    assertThat(failure(accounts.open()))
        .isInstanceOfSatisfying(
            AccountsException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "problems reading secrets file [" + file + "]...",
                        file + "(1): invalid value in first field: [foo]",
                        file + "(2): too few fields"));
  }

  @Test
  void aMissingFileIsTold() {
    Path none = directory.resolve("none");
    ServerAuthenticator accounts =
        ServerAuthenticator.create(
            guard, none.toString(), ServerAuthOptions.of(MechanismRules.ALL, Clients.LOG));
    assertThat(failure(accounts.open()))
        .isInstanceOfSatisfying(
            AccountsException.class,
            e -> assertThat(e.problems()).containsExactly("cannot read secrets file: " + none));
  }

  @Test
  void aChangeIsNoticedByWhoeverAsks() throws IOException {
    ServerAuthenticator accounts = open("server plain alice x\n");
    Files.writeString(directory.resolve("secrets"), "server none 192.0.2.0/24 word\n");
    assertThat(accounts.trusted("192.0.2.1")).isEmpty();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (accounts.trusted("192.0.2.1").isEmpty() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(accounts.trusted("192.0.2.1")).map(Trusted::keyword).contains("word");
    assertThat(accounts.mechanisms(Privacy.CLEAR)).isEmpty();
  }

  @Test
  void vertxAsksTheSameAccounts() {
    ServerAuthenticator accounts = open("server plain alice x\n");
    AccountsProvider provider = new AccountsProvider(accounts, PEER);
    assertThat(
            await(provider.authenticate(new UsernamePasswordCredentials("alice", "x"))).subject())
        .isEqualTo("alice");
    assertThat(failure(provider.authenticate(new UsernamePasswordCredentials("alice", "y"))))
        .hasMessage("WRONG");
    assertThat(failure(provider.authenticate(new UsernamePasswordCredentials("", ""))))
        .hasMessage("WRONG");
  }
}
