package dev.weir.config.yaml;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table: a key of some map.
 *
 * @param path the row's name, which is that of dnsdist's reference
 * @param map what stands below it; {@code null} for scalars, lists of them, selectors and actions
 * @param defaultText empty: none
 * @param slot where its value goes; {@code null} for maps that only group
 * @param values the texts that are allowed, in any case of letters; empty: all
 * @param status what the ledger says instead of what follows from the slot; empty: nothing
 */
public record Field(
        String path,
        String name,
        Type type,
        boolean list,
        @Nullable SectionType map,
        String defaultText,
        boolean required,
        @Nullable Slot slot,
        List<String> values,
        String status) {
    /** What a value, or each of a list, is. */
    public enum Type {
        BOOL(0),
        U8(0xffL),
        U16(0xffffL),
        U32(0xffff_ffffL),
        U64(Long.MAX_VALUE),
        F64(0),
        TEXT(0),
        MAP(0),
        SELECTOR(0),
        ACTION(0),
        RESPONSE_ACTION(0);

        /** The largest value of an integer; 0 for other types. */
        final long most;

        Type(long most) {
            this.most = most;
        }

        public boolean isInteger() {
            return most > 0;
        }

        /** The largest value of an integer. */
        public long most() {
            return most;
        }

        /** One of the families of which a key named {@code type} picks one. */
        boolean isVariant() {
            return this == SELECTOR || this == ACTION || this == RESPONSE_ACTION;
        }
    }

    /** Whether another row puts its value at the same place. */
    public boolean sharesSlot(Field other) {
        return slot != null
                && other.slot != null
                && slot.function().equals(other.slot.function())
                && slot.position() == other.slot.position()
                && slot.key().equals(other.slot.key());
    }
}
