package io.stagepost.pop.maildrop;

import io.stagepost.pop.maildrop.MaildropException.Reason;
import java.nio.file.Path;

/** Directories that are called by accounts. */
final class AccountDirectory {

  private AccountDirectory() {}

  /**
   * An account's name as that of a directory: it must lead nowhere else, nor to what is hidden.
   *
   * @throws MaildropException when it can't be one
   */
  static String name(String account) throws MaildropException {
    boolean isHidden = account.isEmpty() || account.startsWith(".");
    boolean isPath = account.chars().anyMatch(c -> c == '/' || c == '\\' || c < 0x20 || c == 0x7f);
    if (isHidden || isPath || account.length() > 200) {
      throw new MaildropException(Reason.BAD_NAME, "not the name of a directory");
    }
    return account;
  }

  /** A pattern with the parts of an account's name in their places. */
  static Path of(String pattern, String account) throws MaildropException {
    String name = name(account);
    int at = name.lastIndexOf('@');
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      char next = c == '%' && i + 1 < pattern.length() ? pattern.charAt(i + 1) : 0;
      switch (next) {
        case 'u' -> path.append(name);
        case 'n' -> path.append(name(at < 0 ? name : name.substring(0, at)));
        case 'd' -> path.append(name(name.substring(at + 1)));
        case '%' -> path.append('%');
        default -> path.append(c);
      }
      i += "und%".indexOf(next) >= 0 ? 1 : 0;
    }
    return Path.of(path.toString());
  }
}
