/**
 * Typed settings: every {@code serai.*} key with its type, default and bounds, checked as a whole at start-up.
 *
 * <p>Depends on the JDK and on commons-text only; the catalogue is {@link dev.serai.settings.SettingsCatalog}, the
 * door is {@link dev.serai.settings.Settings#load}.
 */
@NullMarked
package dev.serai.settings;

import org.jspecify.annotations.NullMarked;
