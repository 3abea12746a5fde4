package dev.serai.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * As {@link BesideOthers}, for a class that reads the log: at no time while a class runs that {@linkplain SetsUpTheLog sets
 * it up}. Those come first and these last, so that neither waits.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@BesideOthers
@ResourceLock(value = SetsUpTheLog.LOG, mode = ResourceAccessMode.READ)
@Order(Integer.MAX_VALUE)
public @interface ReadsTheLog {
    /** For {@link Order}: ten seconds or more, before the others of these. */
    int LONG = Integer.MAX_VALUE - 1;
}
