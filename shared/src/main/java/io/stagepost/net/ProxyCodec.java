package io.stagepost.net;

/** What reads PROXY headers: a library of its own, which somebody may have left out. */
public final class ProxyCodec {

  private static final String LIBRARY = "netty-codec-haproxy";
  private static final String CLASS = "io.netty.handler.codec.haproxy.HAProxyMessageDecoder";

  private ProxyCodec() {}

  /**
   * Makes sure that it is there: without it, who a proxy speaks for could not be known.
   *
   * @throws IllegalStateException when it isn't
   */
  public static void require() {
    try {
      Class.forName(CLASS, /* initialize= */ false, ProxyCodec.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "cannot read the PROXY headers of \"proxy-protocol-from\": " + LIBRARY + " is missing",
          e);
    }
  }
}
