package io.stagepost.net.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Keys that can be exchanged while connections are there. A handshake that has begun with the
 * former keys ends with them.
 */
final class SwappedKeys extends X509ExtendedKeyManager {

  private volatile Generation current;
  private volatile @Nullable Generation former;

  private record Generation(long number, X509ExtendedKeyManager keys) {

    @Nullable String mark(@Nullable String alias) {
      return alias == null ? null : number + ":" + alias;
    }

    String @Nullable [] mark(String @Nullable [] aliases) {
      return aliases == null ? null : Stream.of(aliases).map(this::mark).toArray(String[]::new);
    }
  }

  SwappedKeys(X509ExtendedKeyManager keys) {
    current = new Generation(0, keys);
  }

  synchronized void swap(X509ExtendedKeyManager keys) {
    former = current;
    current = new Generation(current.number + 1, keys);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    Generation now = current;
    return now.mark(now.keys.getClientAliases(keyType, issuers));
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    Generation now = current;
    return now.mark(now.keys.chooseClientAlias(keyTypes, issuers, socket));
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    Generation now = current;
    return now.mark(now.keys.getServerAliases(keyType, issuers));
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    Generation now = current;
    return now.mark(now.keys.chooseServerAlias(keyType, issuers, socket));
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    Generation now = current;
    return now.mark(now.keys.chooseEngineClientAlias(keyTypes, issuers, engine));
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    Generation now = current;
    return now.mark(now.keys.chooseEngineServerAlias(keyType, issuers, engine));
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return of(alias, generation -> generation.keys.getCertificateChain(plain(alias))).orElse(null);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return of(alias, generation -> generation.keys.getPrivateKey(plain(alias))).orElse(null);
  }

  private <T> Optional<T> of(String alias, Function<Generation, T> part) {
    return Stream.of(Optional.of(current), Optional.ofNullable(former))
        .flatMap(Optional::stream)
        .filter(generation -> alias.startsWith(generation.number + ":"))
        .findFirst()
        .map(part);
  }

  private static String plain(String alias) {
    return alias.substring(alias.indexOf(':') + 1);
  }
}
