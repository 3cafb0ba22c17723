package dev.weir.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks behaviour that dnsdist has only since a later version than Debian's 1.7.3, or that 1.7.3 does otherwise: the
 * test is skipped when that is the {@link TestSubject}, and always runs for Weir.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(NewerThanDebianCondition.class)
public @interface NewerThanDebian {
    /** What 1.7.3 does instead. */
    String value();
}
