/**
 * Typed settings: every {@code serai.*} key with its type, default and bounds, checked as a whole at start-up.
 *
 * <p>Depends on the JDK and on commons-text only; the catalogue is {@link dev.serai.config.SettingsCatalog}, the
 * door is {@link dev.serai.config.Settings#load}.
 */
@NullMarked
package dev.serai.config;

import org.jspecify.annotations.NullMarked;
