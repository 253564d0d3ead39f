/** Administration: what operators and programs ask of a running relay. */
@NullMarked
package io.stagepost.admin;

import org.jspecify.annotations.NullMarked;
