"""Teaching labs: steps to do, checks of what was done, hints, different values for each student.

A lab is a folder or a zip (`model`); its checks read the live experiment and never change it
(`checks`); what a student did is one file (`submission`), graded by doing it again (`grading`).
"""
