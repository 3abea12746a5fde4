package dev.serai.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * For a class whose tests mostly wait, for processes, brokers and deadlines: it runs while the classes without this
 * annotation do, so that the build takes less time. Those with it run one after the other, and so do their methods, for
 * they hold a lock. It must bear company: what it starts is its own, its times are no measurements, and it neither reads
 * the log nor sets it up, as every command does that runs in the tests' own process. Classes that measure are
 * {@link org.junit.jupiter.api.parallel.Isolated}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("classes that mostly wait")
public @interface BesideOthers {}
