/** Who may do what: sessions, tokens, users and their roles. */
@NullMarked
package io.stagepost.admin.http.access;

import org.jspecify.annotations.NullMarked;
