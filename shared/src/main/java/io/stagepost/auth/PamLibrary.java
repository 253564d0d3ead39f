package io.stagepost.auth;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import com.sun.jna.ptr.PointerByReference;
import org.jspecify.annotations.Nullable;

/** What is used of libpam, and of the C library under it; names and numbers are Linux-PAM's. */
@SuppressWarnings("MethodName")
interface PamLibrary extends Library {

  int pam_start(String service, String user, Conversation conversation, PointerByReference handle);

  int pam_set_item(Pointer handle, int item, Pointer value);

  int pam_authenticate(Pointer handle, int flags);

  String pam_strerror(Pointer handle, int error);

  int pam_end(Pointer handle, int status);

  @Nullable Pointer calloc(long count, long size);

  /** Answers the questions of modules. */
  interface Talk extends Callback {

    /**
     * Answers.
     *
     * @param messages pointers to {@code struct pam_message}
     * @param replies where a pointer to as many of {@code struct pam_response} goes
     */
    int invoke(int count, Pointer messages, Pointer replies, @Nullable Pointer data);
  }

  /** Waits after a failure. */
  interface FailDelay extends Callback {

    /** Waits. */
    void invoke(int result, int micros, @Nullable Pointer data);
  }

  /** {@code struct pam_conv}. */
  @FieldOrder({"talk", "data"})
  final class Conversation extends Structure {

    public @Nullable Talk talk;
    public @Nullable Pointer data;
  }
}
