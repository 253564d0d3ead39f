package io.stagepost.auth;

import static io.stagepost.auth.Clients.await;
import static io.stagepost.auth.Clients.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.auth.SaslStep.Accepted;
import io.stagepost.auth.SaslStep.Decision;
import io.stagepost.auth.SaslStep.Reason;
import io.stagepost.auth.SaslStep.Refused;
import io.stagepost.auth.ServerAccounts.ScramOffer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The exchange of RFC 7677 §3, from both sides. */
class ScramTest {

  private static final String CLIENT_NONCE = "rOprNGfwEbeRWgbNEkqO";
  private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  private static final String SALT = "W22ZaJ0SNY7soEsUEjb6gQ==";
  private static final String FIRST = "n,,n=user,r=" + CLIENT_NONCE;
  private static final String OFFER = "r=" + CLIENT_NONCE + SERVER_NONCE + ",s=" + SALT + ",i=4096";
  private static final String BINDING = "c=biws,r=" + CLIENT_NONCE + SERVER_NONCE;
  private static final String LAST = BINDING + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
  private static final String SIGNATURE = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";
  private static final ScramKeys KEYS =
      ScramKeys.of(SlowHash.octets("pencil"), Base64.getDecoder().decode(SALT), 4096);

  private static ScramServer server() {
    return new ScramServer(
        SERVER_NONCE,
        new ScramServer.Check() {
          @Override
          public Future<ScramOffer> keys(String user) {
            return Future.succeededFuture(new ScramOffer(KEYS, Optional.empty()));
          }

          @Override
          public Future<Decision> proof(
              String user, ScramOffer offer, byte[] proof, String message) {
            return Future.succeededFuture(
                offer.keys().proves(proof, message)
                    ? new Accepted(user, Mechanisms.SCRAM)
                    : new Refused(Reason.WRONG));
          }

          @Override
          public Future<Decision> nonsense() {
            return Future.succeededFuture(new Refused(Reason.WRONG));
          }
        });
  }

  private static ScramClient client() {
    return new ScramClient(
        new SecretRecord(SecretType.PLAIN, "user", Buffer.buffer("pencil"), "", 0), CLIENT_NONCE);
  }

  private static String next(SaslServer server, String message) {
    return outcome(await(server.next(Buffer.buffer(message))));
  }

  @Test
  void theServerSaysWhatTheStandardSays() {
    ScramServer server = server();
    assertThat(next(server, FIRST)).isEqualTo("? " + OFFER);
    assertThat(next(server, LAST)).isEqualTo("? " + SIGNATURE);
    assertThat(next(server, "")).isEqualTo("user");
  }

  @Test
  void theClientSaysWhatTheStandardSays() {
    ScramClient client = client();
    assertThat(client.initial()).contains(Buffer.buffer(FIRST));
    assertThat(client.respond(Buffer.buffer(OFFER))).contains(Buffer.buffer(LAST));
    assertThat(client.isServerGenuine()).isFalse();
    assertThat(client.respond(Buffer.buffer(SIGNATURE))).contains(Buffer.buffer());
    assertThat(client.isServerGenuine()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "n,,",
        "p=tls-unique,,n=user,r=x",
        "n,,n=user",
        "n,,n=,r=x",
        "n,,n=us=er,r=x",
        "n,,m=x,n=user,r=x",
        "n,,n=user,n=other,r=x",
        "n,a=other,n=user,r=x",
        "garbage"
      })
  void otherFirstMessagesAreRefused(String message) {
    assertThat(next(server(), message)).isEqualTo("WRONG");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        BINDING,
        BINDING + ",p=AAAA",
        BINDING + ",p=AAAAbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "c=eSws,r="
            + CLIENT_NONCE
            + SERVER_NONCE
            + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "c=biws,r=" + CLIENT_NONCE + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
      })
  void otherLastMessagesAreRefusedForGood(String message) {
    ScramServer server = server();
    next(server, FIRST);
    assertThat(next(server, message)).isEqualTo("WRONG");
    assertThat(next(server, LAST)).isEqualTo("WRONG");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "r=other,s=" + SALT + ",i=4096",
        "r=" + CLIENT_NONCE + ",s=" + SALT + ",i=4096",
        "r=" + CLIENT_NONCE + SERVER_NONCE + ",s=" + SALT + ",i=1",
        "r=" + CLIENT_NONCE + SERVER_NONCE + ",s=" + SALT + ",i=999999999",
        "m=x,r=" + CLIENT_NONCE + SERVER_NONCE + ",s=" + SALT + ",i=4096"
      })
  void theClientGivesUpOnOtherOffers(String offer) {
    ScramClient client = client();
    assertThat(client.initial()).isPresent();
    assertThat(client.respond(Buffer.buffer(offer))).isEmpty();
  }

  @Test
  void theClientNoticesAServerThatDoesNotKnowTheSecret() {
    ScramClient client = client();
    assertThat(client.initial()).isPresent();
    assertThat(client.respond(Buffer.buffer(OFFER))).isPresent();
    assertThat(client.respond(Buffer.buffer("v=AAAA"))).isEmpty();
    assertThat(client.isServerGenuine()).isFalse();
  }

  @Test
  void namesMayHaveSeparators() {
    ServerAccounts accounts = ServerAccounts.of(SecretsParser.parse("server plain a,+3Db x"));
    SaslServer server =
        new ScramServer(
            ScramText.nonce(),
            new ScramServer.Check() {
              @Override
              public Future<ScramOffer> keys(String user) {
                return Future.succeededFuture(accounts.scram(user));
              }

              @Override
              public Future<Decision> proof(
                  String user, ScramOffer offer, byte[] proof, String message) {
                return Future.succeededFuture(
                    offer.keys().proves(proof, message)
                        ? new Accepted(user, Mechanisms.SCRAM)
                        : new Refused(Reason.WRONG));
              }

              @Override
              public Future<Decision> nonsense() {
                return Future.succeededFuture(new Refused(Reason.UNAVAILABLE));
              }
            });
    SecretRecord record = new SecretRecord(SecretType.PLAIN, "a,=b", Buffer.buffer("x"), "", 0);
    assertThat(Clients.exchange(server, new ScramClient(record, ScramText.nonce())))
        .isEqualTo("a,=b");
  }

  @Test
  void r5AnUnknownUserGetsTheSameOfferEachTime() {
    ServerAccounts accounts =
        ServerAccounts.of(SecretsParser.parse("server scram-sha-256 a " + KEYS));
    ScramKeys once = accounts.scram("nobody").keys();
    ScramKeys again = accounts.scram("nobody").keys();
    assertThat(once.salt()).isEqualTo(again.salt());
    assertThat(once.iterations()).isEqualTo(accounts.scram("a").keys().iterations());
    assertThat(once.salt().length()).isEqualTo(16);
  }
}
