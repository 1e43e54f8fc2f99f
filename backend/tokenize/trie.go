package tokenize

import (
	"cmp"
	"slices"
)

// trie finds the pieces of a vocabulary that a text goes on with. Nodes are numbered
// breadth first, so that the children of a node are neighbours, sorted by their label.
type trie struct {
	root   [256]int32 // children of node 0 by label, -1 where there is none
	first  []int32    // by node: its first child
	count  []int16    // by node: how many children, up to 256
	labels []byte     // by node: the byte that leads to it
	ids    []int32    // by node: the piece that ends there, or -1
}

// key is one piece of a trie and what it stands for.
type key struct {
	piece string
	id    int32
}

// newTrie builds a trie, sorting keys. Of equal pieces the last counts; empty ones match
// nothing.
func newTrie(keys []key) *trie {
	slices.SortStableFunc(keys, func(a, b key) int { return cmp.Compare(a.piece, b.piece) })
	t := &trie{first: []int32{0}, count: []int16{0}, labels: []byte{0}, ids: []int32{-1}}
	type group struct{ low, high, depth int } // keys that share their first depth bytes
	groups := []group{{0, len(keys), 0}}      // by node
	for node := 0; node < len(groups); node++ {
		g := groups[node]
		for g.low < g.high && len(keys[g.low].piece) == g.depth {
			t.ids[node] = keys[g.low].id
			g.low++
		}
		t.first[node] = int32(len(t.labels))
		for g.low < g.high {
			label, end := keys[g.low].piece[g.depth], g.low+1
			for end < g.high && keys[end].piece[g.depth] == label {
				end++
			}
			t.append(node, label)
			groups = append(groups, group{g.low, end, g.depth + 1})
			g.low = end
		}
	}
	t.ids[0] = -1
	t.indexRoot()
	return t
}

// append adds a node below parent.
func (t *trie) append(parent int, label byte) {
	t.count[parent]++
	t.first = append(t.first, 0)
	t.count = append(t.count, 0)
	t.labels = append(t.labels, label)
	t.ids = append(t.ids, -1)
}

// indexRoot lists the children of node 0, which every search starts from.
func (t *trie) indexRoot() {
	for i := range t.root {
		t.root[i] = -1
	}
	for child := range int32(t.count[0]) {
		child += t.first[0]
		t.root[t.labels[child]] = child
	}
}

// next returns the child of node by label, or -1.
func (t *trie) next(node int32, label byte) int32 {
	if node == 0 {
		return t.root[label]
	}
	low, high := t.first[node], t.first[node]+int32(t.count[node])
	for high-low > 8 {
		if middle := (low + high) / 2; t.labels[middle] <= label {
			low = middle
		} else {
			high = middle
		}
	}
	for ; low < high; low++ {
		if t.labels[low] == label {
			return low
		}
	}
	return -1
}

// longest returns the longest piece that s begins with, and its length, which is 0 where
// there is none.
func (t *trie) longest(s string) (length int, id int32) {
	for i, node := 0, int32(0); i < len(s); i++ {
		if node = t.next(node, s[i]); node < 0 {
			break
		}
		if t.ids[node] >= 0 {
			length, id = i+1, t.ids[node]
		}
	}
	return length, id
}

// id returns what a piece stands for, or -1.
func (t *trie) id(piece string) int32 {
	if length, id := t.longest(piece); length == len(piece) && length > 0 {
		return id
	}
	return -1
}
