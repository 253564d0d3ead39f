/** Numbers, events and the log, now and as they come. */
@NullMarked
package io.stagepost.admin.http.insight;

import org.jspecify.annotations.NullMarked;
