/** Messages that programs and people send by HTTP. */
@NullMarked
package io.stagepost.admin.http.inject;

import org.jspecify.annotations.NullMarked;
