/**
 * Typed settings: every {@code serai.*} key with its type, default and bounds, checked as a whole at start-up.
 *
 * <p>{@link dev.serai.settings.SeraiSettings} declares them,
 * {@link dev.serai.settings.RecordBinder} reads the declarations, the door is {@link dev.serai.settings.Settings#load}.
 */
@NullMarked
package dev.serai.settings;

import org.jspecify.annotations.NullMarked;
