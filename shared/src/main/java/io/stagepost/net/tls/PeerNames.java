package io.stagepost.net.tls;

import io.netty.util.NetUtil;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** The names in a certificate. */
final class PeerNames {

  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private PeerNames() {}

  /** Whether a certificate is for a host or an address: by its alternative names (RFC 9525). */
  static boolean areForHost(X509Certificate certificate, String host) {
    if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
      byte[] wanted = NetUtil.createByteArrayFromIpAddressString(host);
      return alternatives(certificate, IP_ADDRESS).stream()
          .map(NetUtil::createByteArrayFromIpAddressString)
          .anyMatch(address -> java.util.Arrays.equals(address, wanted));
    }
    return alternatives(certificate, DNS_NAME).stream().anyMatch(name -> matches(name, host));
  }

  /** Whether a certificate has a name that was asked for, be it as its common name. */
  static boolean include(X509Certificate certificate, String name) {
    return areForHost(certificate, name)
        || commonNames(certificate).stream().anyMatch(common -> matches(common, name));
  }

  /** The subject as OpenSSL shows it in one line. */
  static String subject(X509Certificate certificate) {
    StringBuilder line = new StringBuilder();
    for (Rdn rdn : parts(certificate)) {
      line.append('/').append(rdn.getType()).append('=').append(rdn.getValue());
    }
    return line.toString();
  }

  /** A wildcard stands for the whole first label. */
  private static boolean matches(String pattern, String host) {
    String wanted = lower(host);
    String name = lower(pattern);
    if (!name.startsWith("*.")) {
      return name.equals(wanted);
    }
    int dot = wanted.indexOf('.');
    return dot > 0 && name.indexOf('.', 2) > 0 && name.substring(1).equals(wanted.substring(dot));
  }

  private static String lower(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  private static List<String> commonNames(X509Certificate certificate) {
    return parts(certificate).stream()
        .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
        .map(rdn -> String.valueOf(rdn.getValue()))
        .toList();
  }

  private static List<Rdn> parts(X509Certificate certificate) {
    try {
      return new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
    } catch (InvalidNameException e) {
      return List.of();
    }
  }

  private static List<String> alternatives(X509Certificate certificate, int type) {
    List<String> found = new ArrayList<>();
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      for (List<?> name : names == null ? List.<List<?>>of() : names) {
        if (Integer.valueOf(type).equals(name.get(0)) && name.get(1) instanceof String text) {
          found.add(text);
        }
      }
    } catch (CertificateParsingException e) {
      return List.of();
    }
    return found;
  }
}
