package io.stagepost.auth;

import com.sun.jna.CallbackReference;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.stagepost.auth.PamLibrary.Conversation;
import io.stagepost.auth.PamLibrary.FailDelay;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the host's PAM whether a password is right, and nothing more: no account phase, no session.
 * Blocks, for as long as a module likes.
 */
final class Pam {

  private static final String SERVICE = "emailrelay";
  private static final String KIND = "pam";
  private static final int SUCCESS = 0;
  private static final int BUFFER_ERROR = 5;
  private static final int CONVERSATION_ERROR = 19;
  private static final int FAIL_DELAY = 10;
  private static final int DISALLOW_NULL_PASSWORD = 1;
  private static final int ECHO_OFF = 1;
  private static final int ECHO_ON = 2;

  // The delay is our own, and holds no worker.
  private static final FailDelay NO_DELAY = (result, micros, data) -> {};

  private final PamLibrary library;

  private Pam(PamLibrary library) {
    this.library = library;
  }

  /** Loads the library; fails when there is none. */
  static Pam load() throws AccountsException {
    try {
      return new Pam(Native.load("libpam.so.0", PamLibrary.class));
    } catch (UnsatisfiedLinkError e) {
      throw new AccountsException(List.of("cannot use pam: there is no libpam.so.0"));
    }
  }

  /** Checks a password. */
  Verdict password(String user, byte[] password, AuthPeer peer) {
    Conversation conversation = new Conversation();
    conversation.talk = (count, messages, out, data) -> reply(count, messages, out, user, password);
    PointerByReference handle = new PointerByReference();
    int started = library.pam_start(SERVICE, user, conversation, handle);
    if (started != SUCCESS) {
      peer.log().warn("pam error: pam_start: " + started);
      return new Verdict(Verdict.Finding.UNKNOWN, user, Told.secret(KIND, user));
    }
    Pointer pam = handle.getValue();
    int result = CONVERSATION_ERROR;
    try {
      library.pam_set_item(pam, FAIL_DELAY, CallbackReference.getFunctionPointer(NO_DELAY));
      result = library.pam_authenticate(pam, DISALLOW_NULL_PASSWORD);
      if (result != SUCCESS) {
        peer.log()
            .warn(
                "pam error: pam_authenticate: "
                    + result
                    + ": "
                    + library.pam_strerror(pam, result));
      }
    } finally {
      library.pam_end(pam, result);
      Reference.reachabilityFence(conversation);
    }
    return new Verdict(
        result == SUCCESS ? Verdict.Finding.TRUE : Verdict.Finding.FALSE,
        user,
        Told.secret(KIND, user));
  }

  // The array and the texts are freed by the caller, so they come from malloc.
  private int reply(int count, Pointer messages, Pointer out, String user, byte[] password) {
    if (count < 1 || count > 32) {
      return CONVERSATION_ERROR;
    }
    long size = 2L * Native.POINTER_SIZE;
    Pointer replies = library.calloc(count, size);
    if (replies == null) {
      return BUFFER_ERROR;
    }
    for (int i = 0; i < count; i++) {
      int style = messages.getPointer((long) i * Native.POINTER_SIZE).getInt(0);
      if (style == ECHO_OFF) {
        replies.setPointer(i * size, text(password));
      } else if (style == ECHO_ON) {
        replies.setPointer(i * size, text(user.getBytes(StandardCharsets.UTF_8)));
      }
    }
    out.setPointer(0, replies);
    return SUCCESS;
  }

  private @Nullable Pointer text(byte[] octets) {
    Pointer copy = library.calloc(octets.length + 1L, 1);
    if (copy != null) {
      copy.write(0, octets, 0, octets.length);
    }
    return copy;
  }
}
