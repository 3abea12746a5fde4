package dev.serai.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Set;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;

/**
 * For a class whose tests mostly wait, for processes, brokers and deadlines: it runs while other classes do, so that the
 * build takes less time. How many run at once is in {@code junit-platform.properties}; one of them is always a class
 * without this annotation, as long as there are any. The methods of a class run one after the other, for the class holds a
 * lock of its own. It must bear company: what it starts is its own, its times are no measurements, and log lines that it
 * counts, or that must not be there, name what is its own ({@link LogLines}). Classes that measure, or that set up the log,
 * as {@code LogSetup} does for a process, are {@link org.junit.jupiter.api.parallel.Isolated}; a command that runs in the
 * tests' own process leaves the log as it is.
 *
 * <p>Those that take longest come first, by {@link org.junit.jupiter.api.Order}, or else one would be left over at the end.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(providers = BesideOthers.OwnLock.class)
public @interface BesideOthers {
    /** For {@link org.junit.jupiter.api.Order}: a minute or more. */
    int LONGEST = 1;

    /** For {@link org.junit.jupiter.api.Order}: ten seconds or more. */
    int LONG = 2;

    /** With any lock of its own JUnit runs the methods of a class on one thread. */
    final class OwnLock implements ResourceLocksProvider {
        @Override
        public Set<Lock> provideForClass(Class<?> testClass) {
            return Set.of(new Lock(testClass.getName()));
        }
    }
}
