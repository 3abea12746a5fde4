package dev.serai.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a component of a record a setting; nothing but this and its {@link Text} is needed for one. The last part of its
 * key is the component's name, with dashes: {@code startTopic} of {@code kafka} is {@code serai.kafka.start-topic}.
 *
 * <p>The component's Java type says how it is read; {@link #is} where that is not enough. One that may be null and has no
 * default is "not set". One that may not be null and has none must be set: only in families, where rules see to it. A
 * {@link Secret} is from the environment only; where the record also has a {@link HeldSecret} of the same name with "File" at
 * its end, that may be set in its place, and the secret that the file holds becomes the component's value.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Key {
    /** The default, as it would be written; empty: none. */
    String or() default "";

    /** The defaults of families whose members have a type, each as "default for type, type and type"; for each type one. */
    String[] orByType() default {};

    /** A key declared before whose value is the default; the kind and the bounds are that one's, too. */
    String as() default "";

    Kind is() default Kind.OF_ITS_TYPE;

    /** The bounds of a number, size or duration, both included: "1s to 7d". */
    String in() default "";

    /** Another variable of the environment that sets it, and that messages name. */
    String alias() default "";

    /** The name of a duration of the same group that this one must not exceed. */
    String atMost() default "";

    /** The name of a number of the same group that this one must be below, where that is set. */
    String below() default "";

    /** Names of settings of the same group without which it has no effect. */
    String[] needs() default {};

    /** What the setting means, for the reference; every one has it. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    @interface Text {
        String value();
    }

    /** Begins a section of the reference, which goes on until the next component that does; on the root's components. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    @interface Section {
        String value();
    }

    /** On a record of settings whose keys are those of the group around it. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    @interface Flat {}

    /** On a family: a name that no member may have. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    @interface Refused {
        String name();

        String because();
    }
}
