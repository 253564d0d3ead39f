/** The console's server: the programming interface, signing in, and what browsers are given. */
@NullMarked
package io.stagepost.admin.http;

import org.jspecify.annotations.NullMarked;
