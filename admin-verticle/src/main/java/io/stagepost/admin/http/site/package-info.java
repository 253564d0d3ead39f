/** What browsers are given, and what protects them. */
@NullMarked
package io.stagepost.admin.http.site;

import org.jspecify.annotations.NullMarked;
