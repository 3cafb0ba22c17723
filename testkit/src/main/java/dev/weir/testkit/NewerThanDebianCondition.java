package dev.weir.testkit;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Disables tests marked {@link NewerThanDebian} for {@link TestSubject#DNSDIST}. */
final class NewerThanDebianCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<NewerThanDebian> mark = AnnotationSupport.findAnnotation(context.getElement(), NewerThanDebian.class);
        return mark.isPresent() && TestSubject.current() == TestSubject.DNSDIST
                ? ConditionEvaluationResult.disabled(
                        "dnsdist 1.7.3: " + mark.get().value())
                : ConditionEvaluationResult.enabled("applies to " + TestSubject.current());
    }
}
