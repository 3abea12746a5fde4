package dev.serai.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * For a class that takes more than five seconds of a core, mostly for the processes that it starts: CI runs it with each
 * change ({@code mvn verify -Pci}), and plain {@code mvn verify}, which people wait for, does not.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("ci")
public @interface LeftToCi {}
