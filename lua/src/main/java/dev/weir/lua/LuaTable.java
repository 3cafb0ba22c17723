package dev.weir.lua;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A table: an array part for the keys 1 to n and a hash part for the rest. Everything here is raw: metamethods are the
 * business of {@link LuaOperators}.
 *
 * <p><b>Array part.</b> {@code array[0 .. count)} holds the keys 1 to {@code count}. A value is added at the end when
 * its key is {@code count + 1}; keys that follow are then fetched out of the hash part. The last one in use is never
 * nil (others may be), so that the length is known without a search.
 *
 * <p><b>Hash part.</b> Open addressing with linear probing; key and value lie beside each other in one array:
 *
 * <pre>
 *   hash:  | key 0 | value 0 | key 1 | value 1 | ...      a power of two of pairs
 * </pre>
 *
 * A removed entry keeps its key with the value nil until the part is built anew, which happens only when a key is
 * added that was not there: thus a traversal may assign nil, or other values, to keys that exist.
 *
 * <p>Positions of a traversal: 0 before the first, 1 to {@code array.length} in the array part, above it in the hash
 * part. One thread at a time, that of the world the table belongs to.
 */
public final class LuaTable {
    private static final @Nullable Object[] NOTHING = {};
    private static final int LEAST_PAIRS = 4;

    private @Nullable Object[] array;
    private int count;
    private @Nullable Object[] hash;
    /** Pairs with a key, removed ones among them. */
    private int used;

    private @Nullable LuaTable metatable;
    /** One bit for each {@link Metamethod} that this table, as a metatable, is known not to have. */
    private int absent;

    private @Nullable WeakEntries weak;

    /** A table without entries. */
    public LuaTable() {
        array = NOTHING;
        hash = NOTHING;
    }

    /** A table without entries, with room for some. */
    public LuaTable(int arrayRoom, int hashRoom) {
        array = arrayRoom == 0 ? NOTHING : new @Nullable Object[arrayRoom];
        hash = hashRoom == 0 ? NOTHING : new @Nullable Object[2 * pairsFor(hashRoom)];
    }

    /** A table of the values at 1, 2, and so on; the array becomes the table's own. */
    public static LuaTable ofList(@Nullable Object... values) {
        LuaTable table = new LuaTable();
        table.array = values;
        table.count = values.length;
        table.shrink();
        return table;
    }

    private static int pairsFor(int entries) {
        int least = Math.max(LEAST_PAIRS, entries + (entries >> 1));
        return Integer.highestOneBit(least - 1) << 1;
    }

    // ---- reading

    /** The value of any key; nil for a key that no table can have. */
    public @Nullable Object get(@Nullable Object key) {
        if (key instanceof LuaString string) {
            return get(string);
        }
        if (key instanceof Double number) {
            return get(number.doubleValue());
        }
        return key == null ? null : getOther(key);
    }

    /** The value of a string key. */
    public @Nullable Object get(LuaString key) {
        @Nullable Object[] pairs = hash;
        int mask = pairs.length - 1;
        if (mask > 0) {
            int at = (key.hashCode() << 1) & mask;
            Object found;
            while ((found = pairs[at]) != null) {
                if (found == key || found instanceof LuaString string && key.equals(string)) {
                    return pairs[at + 1];
                }
                at = (at + 2) & mask;
            }
        }
        return weak == null ? null : weak.get(key);
    }

    /** The value of a number as key. */
    public @Nullable Object get(double key) {
        int index = (int) key;
        return index == key ? get(index) : getFraction(key);
    }

    /** The value of an integer key. */
    public @Nullable Object get(int key) {
        int index = key - 1;
        if (Integer.compareUnsigned(index, count) < 0) {
            return array[index];
        }
        return hash.length == 0 && weak == null ? null : getFraction(key);
    }

    /** The value of a Java string as key: for embedders, not for hot paths. */
    public @Nullable Object get(String key) {
        return get(LuaString.of(key));
    }

    private @Nullable Object getFraction(double key) {
        int at = findNumber(key);
        if (at >= 0) {
            return hash[at + 1];
        }
        return weak == null ? null : weak.get(LuaNumber.box(key));
    }

    private @Nullable Object getOther(Object key) {
        int at = findIdentity(key);
        if (at >= 0) {
            return hash[at + 1];
        }
        return weak == null ? null : weak.get(key);
    }

    private int findString(LuaString key) {
        @Nullable Object[] pairs = hash;
        int mask = pairs.length - 1;
        if (mask > 0) {
            int at = (key.hashCode() << 1) & mask;
            Object found;
            while ((found = pairs[at]) != null) {
                if (found == key || found instanceof LuaString string && key.equals(string)) {
                    return at;
                }
                at = (at + 2) & mask;
            }
        }
        return -1;
    }

    private int findNumber(double key) {
        @Nullable Object[] pairs = hash;
        int mask = pairs.length - 1;
        if (mask > 0) {
            int at = (hashOf(key) << 1) & mask;
            Object found;
            while ((found = pairs[at]) != null) {
                if (found instanceof Double number && number.doubleValue() == key) {
                    return at;
                }
                at = (at + 2) & mask;
            }
        }
        return -1;
    }

    private int findIdentity(Object key) {
        @Nullable Object[] pairs = hash;
        int mask = pairs.length - 1;
        if (mask > 0) {
            int at = (identityHash(key) << 1) & mask;
            Object found;
            while ((found = pairs[at]) != null) {
                if (found == key) {
                    return at;
                }
                at = (at + 2) & mask;
            }
        }
        return -1;
    }

    /** Where a key lies in the hash part; -1 where it does not. */
    private int find(Object key) {
        if (key instanceof LuaString string) {
            return findString(string);
        }
        return key instanceof Double number ? findNumber(number) : findIdentity(key);
    }

    private static int hashOf(double key) {
        long bits = Double.doubleToRawLongBits(key + 0.0);
        int mixed = (int) (bits ^ (bits >>> 32)) * 0x9E3779B9;
        return mixed ^ (mixed >>> 15);
    }

    private static int identityHash(Object key) {
        if (key instanceof Boolean truth) {
            return truth ? 0x3779 : 0x1ce5;
        }
        int mixed = System.identityHashCode(key) * 0x9E3779B9;
        return mixed ^ (mixed >>> 15);
    }

    private static int hashOf(Object key) {
        if (key instanceof LuaString string) {
            return string.hashCode();
        }
        return key instanceof Double number ? hashOf(number.doubleValue()) : identityHash(key);
    }

    // ---- writing

    /**
     * Sets the value of any key; nil removes.
     *
     * @throws IllegalArgumentException for nil and NaN as key, with Lua's message
     */
    public void put(@Nullable Object key, @Nullable Object value) {
        if (key instanceof LuaString string) {
            put(string, value);
        } else if (key instanceof Double number) {
            put(number.doubleValue(), value);
        } else if (key == null) {
            throw new IllegalArgumentException("table index is nil");
        } else {
            putAt(findIdentity(key), key, value);
        }
    }

    /** Sets the value of a string key. */
    public void put(LuaString key, @Nullable Object value) {
        absent = 0;
        putAt(findString(key), key, value);
    }

    /** Sets the value of a Java string as key: for embedders, not for hot paths. */
    public void put(String key, @Nullable Object value) {
        put(LuaString.of(key), value);
    }

    /**
     * Sets the value of a number as key.
     *
     * @throws IllegalArgumentException for NaN, with Lua's message
     */
    public void put(double key, @Nullable Object value) {
        int index = (int) key;
        if (index == key) {
            put(index, value);
        } else if (Double.isNaN(key)) {
            throw new IllegalArgumentException("table index is NaN");
        } else {
            putAt(findNumber(key), key, value);
        }
    }

    /** Sets the value of an integer key. */
    public void put(int key, @Nullable Object value) {
        int index = key - 1;
        int length = count;
        if (Integer.compareUnsigned(index, length) < 0) {
            array[index] = value;
            if (value == null && index == length - 1) {
                shrink();
            }
        } else if (index == length && weak == null) {
            append(value);
        } else {
            putAt(findNumber(key), (double) key, value);
        }
    }

    private void append(@Nullable Object value) {
        int length = count;
        if (value == null) {
            if (hash.length != 0) {
                remove(findNumber(length + 1.0));
            }
            return;
        }
        if (length == array.length) {
            array = Arrays.copyOf(array, length < 4 ? 4 : length << 1);
        }
        array[length] = value;
        count = length + 1;
        if (used != 0) {
            remove(findNumber(length + 1.0));
            fetchFollowers();
        }
    }

    /** Moves the keys that follow the array part out of the hash part. */
    private void fetchFollowers() {
        int at;
        while ((at = findNumber(count + 1.0)) >= 0 && hash[at + 1] != null) {
            if (count == array.length) {
                array = Arrays.copyOf(array, count << 1);
            }
            array[count++] = hash[at + 1];
            hash[at + 1] = null;
        }
    }

    private void remove(int at) {
        if (at >= 0) {
            hash[at + 1] = null;
        }
    }

    private void shrink() {
        int length = count;
        while (length > 0 && array[length - 1] == null) {
            length--;
        }
        count = length;
    }

    private void putAt(int at, Object key, @Nullable Object value) {
        if (at >= 0) {
            hash[at + 1] = value;
        } else if (weak != null) {
            weak.put(key, value);
        } else if (value != null) {
            insert(key, value);
        }
    }

    private void insert(Object key, Object value) {
        @Nullable Object[] pairs = hash;
        if (4 * (used + 1) > (pairs.length >> 1) * 3) {
            rebuild();
            pairs = hash;
        }
        int mask = pairs.length - 1;
        int at = (hashOf(key) << 1) & mask;
        while (pairs[at] != null) {
            at = (at + 2) & mask;
        }
        pairs[at] = key;
        pairs[at + 1] = value;
        used++;
    }

    /** Makes room for at least one more key, and forgets the removed ones. */
    private void rebuild() {
        @Nullable Object[] old = hash;
        int live = 0;
        for (int at = 1; at < old.length; at += 2) {
            if (old[at] != null) {
                live++;
            }
        }
        @Nullable Object[] pairs = new @Nullable Object[2 * pairsFor(live + (live >> 2) + 1)];
        int mask = pairs.length - 1;
        for (int from = 0; from < old.length; from += 2) {
            Object key = old[from];
            Object value = old[from + 1];
            if (key != null && value != null) {
                int at = (hashOf(key) << 1) & mask;
                while (pairs[at] != null) {
                    at = (at + 2) & mask;
                }
                pairs[at] = key;
                pairs[at + 1] = value;
            }
        }
        hash = pairs;
        used = live;
    }

    /** Takes all entries out and keeps the room. */
    public void clear() {
        Arrays.fill(array, 0, count, null);
        Arrays.fill(hash, null);
        count = 0;
        used = 0;
        absent = 0;
        if (weak != null) {
            weak = new WeakEntries(weak.keys(), weak.values());
        }
    }

    // ---- lists

    /** A border: the last key before a nil. */
    public int length() {
        if (count == 0 && weak != null) {
            return weak.length();
        }
        return count;
    }

    /** Opens a gap at a key from 1 to the length + 1 and puts a value there. */
    public void insertAt(int key, @Nullable Object value) {
        int length = length();
        if (weak == null && value != null && key >= 1 && key <= length && length == count) {
            Object last = array[length - 1];
            System.arraycopy(array, key - 1, array, key, length - key);
            array[key - 1] = value;
            put(length + 1, last);
            return;
        }
        for (int at = length; at >= key; at--) {
            put(at + 1, get(at));
        }
        put(key, value);
    }

    /** Takes the value out at a key from 1 to the length, and closes the gap. */
    public @Nullable Object removeAt(int key) {
        int length = length();
        Object removed = get(key);
        if (weak == null && key >= 1 && key <= length && length == count) {
            System.arraycopy(array, key, array, key - 1, length - key);
            array[length - 1] = null;
            shrink();
            return removed;
        }
        for (int at = key; at < length; at++) {
            put(at, get(at + 1));
        }
        put(length, null);
        return removed;
    }

    /**
     * The array part itself, of which the first {@link #arrayCount} are the keys 1 to that: for loops over lists.
     * Writing values that are not nil to them is allowed; any other change makes the array stale.
     */
    public @Nullable Object[] arrayPart() {
        return array;
    }

    /** How many keys from 1 on lie in the array part. */
    public int arrayCount() {
        return count;
    }

    // ---- traversal

    /**
     * The next position with a value.
     *
     * @param position 0 to start, or the last one
     * @return 0 at the end
     */
    public int nextPosition(int position) {
        int at = position;
        int room = array.length;
        while (at < count) {
            if (array[at++] != null) {
                return at;
            }
        }
        at = Math.max(at, room) - room;
        @Nullable Object[] pairs = hash;
        for (int pair = 2 * at; pair < pairs.length; pair += 2) {
            if (pairs[pair] != null && pairs[pair + 1] != null) {
                return room + (pair >> 1) + 1;
            }
        }
        return 0;
    }

    /** The key at a position of this traversal. */
    public @Nullable Object keyAt(int position) {
        int room = array.length;
        return position <= room ? (Object) LuaNumber.box(position) : hash[2 * (position - room - 1)];
    }

    /** The value at a position of this traversal. */
    public @Nullable Object valueAt(int position) {
        int room = array.length;
        return position <= room ? array[position - 1] : hash[2 * (position - room - 1) + 1];
    }

    /**
     * The position of a key, from which a traversal goes on.
     *
     * @return -1 where there is no such key
     */
    public int positionOf(@Nullable Object key) {
        if (key == null) {
            return 0;
        }
        if (key instanceof Double number) {
            int index = (int) number.doubleValue();
            if (index == number && index >= 1 && index <= array.length) {
                return index;
            }
        }
        int at = find(key);
        return at < 0 ? -1 : array.length + (at >> 1) + 1;
    }

    /**
     * The key after a key and its value.
     *
     * @return nil at the end
     * @throws IllegalArgumentException for a key that is not in the table, with Lua's message
     */
    public @Nullable Object next(@Nullable Object key) {
        if (weak != null) {
            return weak.next(key);
        }
        int position = positionOf(key);
        if (position < 0) {
            throw new IllegalArgumentException("invalid key to 'next'");
        }
        int next = nextPosition(position);
        return next == 0 ? null : Values.of(keyAt(next), valueAt(next));
    }

    /** Whether positions may be used; weak tables are traversed by {@link #next} alone. */
    public boolean hasPositions() {
        return weak == null;
    }

    // ---- metatables

    /** This table's metatable. */
    public @Nullable LuaTable metatable() {
        return metatable;
    }

    /** Changes the metatable, and makes the table weak or strong as its {@code __mode} says. */
    public void metatable(@Nullable LuaTable changed) {
        metatable = changed;
        Object mode = changed == null ? null : changed.get(Metamethod.MODE.key());
        String letters = mode instanceof LuaString string ? string.toLatin1() : "";
        boolean keys = letters.indexOf('k') >= 0;
        boolean values = letters.indexOf('v') >= 0;
        if (weak == null ? keys || values : weak.keys() != keys || weak.values() != values) {
            reweigh(keys, values);
        }
    }

    private void reweigh(boolean keys, boolean values) {
        WeakEntries target = new WeakEntries(keys, values);
        for (Object entry = next(null); entry instanceof Values pair; entry = next(pair.get(0))) {
            Object key = pair.get(0);
            if (key != null) {
                target.put(key, pair.get(1));
            }
        }
        weak = null;
        clear();
        if (keys || values) {
            weak = target;
        } else {
            target.moveTo(this);
        }
    }

    /** Whether assigning to a field is nothing but {@link #put}. */
    public boolean assignsPlainly() {
        LuaTable its = metatable;
        return its == null
                || (its.absent & Metamethod.NEWINDEX.bit()) != 0
                || its.metamethod(Metamethod.NEWINDEX) == null;
    }

    /** A metamethod, where this table is a metatable; what is not there is remembered. */
    public @Nullable Object metamethod(Metamethod event) {
        if ((absent & event.bit()) != 0) {
            return null;
        }
        Object found = get(event.key());
        if (found == null) {
            absent |= event.bit();
        }
        return found;
    }
}
