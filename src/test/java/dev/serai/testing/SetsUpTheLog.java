package dev.serai.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * For a class that sets up the log of the tests' own process, as every command does that runs in it: {@link LogLines} end
 * there. It runs beside {@link BesideOthers}, but not beside classes that {@linkplain ReadsTheLog read the log}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ResourceLock(SetsUpTheLog.LOG)
@Order(0)
public @interface SetsUpTheLog {
    String LOG = "the log of the tests' own process";
}
