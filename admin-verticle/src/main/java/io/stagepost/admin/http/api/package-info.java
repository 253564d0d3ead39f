/** The programming interface: its contract, and what its parts are made of. */
@NullMarked
package io.stagepost.admin.http.api;

import org.jspecify.annotations.NullMarked;
