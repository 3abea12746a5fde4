package dev.serai.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * For what takes more than five seconds of a core, and for all that starts a process of its own: without any, no archive of class
 * data has to be made ({@link ClassDataArchive}). CI runs it with each change ({@code mvn verify -Pci}), and plain {@code mvn
 * verify}, which people wait for, does not.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("ci")
public @interface LeftToCi {}
