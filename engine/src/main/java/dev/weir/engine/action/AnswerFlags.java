package dev.weir.engine.action;

import dev.weir.wire.AnswerComposer;
import dev.weir.wire.Header;
import org.jspecify.annotations.Nullable;

/**
 * Header flags and TTL of an answer made by a rule.
 *
 * @param aa {@code null}: as it stands in the query, where the operator's code may have set it
 * @param ad {@code null}: cleared
 * @param ra {@code null}: as RD
 */
public record AnswerFlags(
        @Nullable Boolean aa,
        @Nullable Boolean ad,
        @Nullable Boolean ra,
        long ttlSeconds) {
    public static final AnswerFlags DEFAULT = new AnswerFlags(null, null, null, 60);

    /** Sets what was asked for on an answer that was {@link AnswerComposer#start started}. */
    public void apply(AnswerComposer composer) {
        apply(composer, Header.AA, aa);
        apply(composer, Header.AD, ad);
        apply(composer, Header.RA, ra);
    }

    private static void apply(AnswerComposer composer, int flag, @Nullable Boolean wanted) {
        if (wanted != null) {
            composer.flag(flag, wanted);
        }
    }
}
