package io.stagepost.admin.http.api;

import java.time.Instant;

/**
 * Somebody who has signed in with a browser.
 *
 * @param key what it is kept under, a hash of the cookie
 * @param csrf what requests that change something must repeat
 * @param expires when it ends in any case
 */
public record Session(String key, String user, String csrf, Instant expires) {}
